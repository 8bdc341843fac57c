import { onCall } from 'firebase-functions/https';
import { callable } from './callable';

const options = { region: 'europe-west1', cors: true } as const;
const answer = () => Promise.resolve('yes');

it('is to deploys, emulators and tests what onCall makes', async () => {
  const ours = callable('ours', options, answer);
  const theirs = onCall(options, answer);
  expect(
    Object.getOwnPropertyNames(ours)
      .filter((name) => name !== 'prototype')
      .sort(),
  ).toEqual(
    Object.getOwnPropertyNames(theirs)
      .filter((name) => name !== 'prototype')
      .sort(),
  );
  for (const name of ['__endpoint', '__trigger'] as const) {
    expect((ours as unknown as Record<string, unknown>)[name]).toEqual(
      (theirs as unknown as Record<string, unknown>)[name],
    );
  }
  expect(await ours.run({ data: {}, rawRequest: {} } as Parameters<typeof ours.run>[0])).toBe(
    'yes',
  );
});
