/** The region of the queues, which has to be that of the functions, however their region was chosen. */
import { setGlobalOptions, type GlobalOptions } from 'firebase-functions';
import { defineString, declaredParams } from 'firebase-functions/params';
import type * as Config from './config';

const GLOBALS = Symbol.for('firebase-functions:v2:globalOptions');

/** `setGlobalOptions`, as if for the first time: the SDK warns of a second call. */
function sayOnce(options: GlobalOptions): void {
  (globalThis as unknown as Record<symbol, { value: unknown }>)[GLOBALS] = { value: undefined };
  setGlobalOptions(options);
}

/** What the functions would be deployed with, and where this backend looks for its queues. */
function regions(env: Readonly<Record<string, string>>): { option: unknown; queues: string } {
  const before = { ...process.env };
  const params = [...declaredParams];
  Object.assign(process.env, env);
  try {
    let found: { option: unknown; queues: string } | undefined;
    jest.isolateModules(() => {
      const config = jest.requireActual<typeof Config>('./config');
      found = { option: config.functionOptions.region, queues: config.region() };
    });
    return found!;
  } finally {
    process.env = before;
    declaredParams.splice(0, declaredParams.length, ...params);
  }
}

it.each([
  [{ REGION: 'eur3' }, { option: 'europe-west1', queues: 'europe-west1' }],
  [{ FUNCTION_DEFAULT_REGION: 'nam5' }, { option: 'us-central1', queues: 'us-central1' }],
  [
    { REGION: 'asia-east1', FUNCTION_DEFAULT_REGION: 'nam5' },
    { option: 'asia-east1', queues: 'asia-east1' },
  ],
])('is what the settings say: %j', (env, expected) => {
  expect(regions(env)).toEqual(expected);
});

it('is what a codebase says for all of its functions', () => {
  sayOnce({ region: 'europe-north1' });
  expect(regions({})).toEqual({ option: undefined, queues: 'europe-north1' });
  sayOnce({ region: defineString('ANY_REGION') });
  expect(regions({ ANY_REGION: 'asia-east2' })).toEqual({
    option: undefined,
    queues: 'asia-east2',
  });
  sayOnce({});
});

it('is where the function has been deployed to, whatever was answered to a question of that deploy', () => {
  const source = 'projects/acme/locations/asia-east1/services/kit-push-sendPush';
  expect(regions({ REGION: 'eur3', EVENTARC_CLOUD_EVENT_SOURCE: source })).toEqual({
    option: 'europe-west1',
    queues: 'asia-east1',
  });
});

it('is the platform’s default where nobody says any, and said for every function', () => {
  expect(regions({})).toEqual({ option: 'us-central1', queues: 'us-central1' });
});
