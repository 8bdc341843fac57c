import { createArrivals } from './arrivals.ts';
import type { Push } from '../stack/pushes.ts';

const push = (address: string, title: string, body?: string): Push => ({
  address,
  title,
  at: '2030-01-01T00:00:00.000Z',
  kind: 'notification',
  data: {},
  ...(body !== undefined && { body }),
});

const PHONE = { device: "Maya's phone", address: 'p' };
const TABLET = { device: "Maya's tablet", address: 't' };

test('waits for every push, in whatever order, and counts those that were there before', async () => {
  const arrivals = createArrivals();
  arrivals.add(push('t', 'Leo', 'Saturday?'));
  const all = arrivals.expect(
    [
      { ...PHONE, title: 'Leo', body: 'Saturday?' },
      { ...TABLET, title: 'Leo' },
    ],
    60_000,
  );
  arrivals.add(push('p', 'Leo', 'Saturday?'));
  await expect(all).resolves.toBeUndefined();
  expect(arrivals.unexpected()).toEqual([]);
});

test('names the push that did not arrive, and only that', async () => {
  const arrivals = createArrivals();
  arrivals.add(push('p', 'Leo likes it'));
  const both = [
    { ...PHONE, title: 'Leo likes it' },
    { ...TABLET, title: 'Leo likes it' },
  ];
  await expect(arrivals.expect(both, 1)).rejects.toMatchObject({
    code: 'push-missing',
    message: expect.stringMatching(/Maya's tablet: "Leo likes it"$/) as string,
  });
});

test('counts a push once, so that a missing second one is missed', async () => {
  const arrivals = createArrivals();
  arrivals.add(push('p', 'Hi'));
  const twice = [
    { ...PHONE, title: 'Hi' },
    { ...PHONE, title: 'Hi' },
  ];
  await expect(arrivals.expect(twice, 1)).rejects.toThrow('did not arrive');
});

test('keeps what nobody has asked for', () => {
  const arrivals = createArrivals();
  arrivals.add(push('x', 'Surprise'));
  expect(arrivals.unexpected()).toHaveLength(1);
});
