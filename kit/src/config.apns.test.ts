/** Who is asked for Apple's key: `firebase deploy` asks for each declared secret, so it matters when one is. */
import { declaredParams as ofThisTest } from 'firebase-functions/params';

/** The functions among the exports. */
function functionsOf(exports: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(exports).filter(
      ([, value]) => typeof value === 'function' && '__endpoint' in value,
    ),
  );
}

interface Deployed {
  readonly declared: string[];
  readonly bound: Record<string, string[]>;
}

/** What `firebase deploy` would read with this in `functions/.env`. */
function discover(env: Readonly<Record<string, string>>): Deployed {
  const before = { ...process.env };
  const params = [...ofThisTest];
  ofThisTest.length = 0;
  Object.assign(process.env, env);
  try {
    let functions: Record<string, unknown> = {};
    let declared: string[] = [];
    jest.isolateModules(() => {
      functions = functionsOf(jest.requireActual('.'));
      declared = jest
        .requireActual<{ declaredParams: { name: string }[] }>('firebase-functions/params')
        .declaredParams.map(({ name }) => name);
    });
    const bound = Object.entries(functions).map(([name, fn]) => {
      const { __endpoint: endpoint } = fn as {
        __endpoint: { secretEnvironmentVariables?: { key: string }[] };
      };
      return [name, (endpoint.secretEnvironmentVariables ?? []).map(({ key }) => key)] as const;
    });
    return { declared, bound: Object.fromEntries(bound) };
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
    ofThisTest.splice(0, ofThisTest.length, ...params);
  }
}

const NAMED = { APNS_KEY_ID: 'ABC123DEFG', APNS_TEAM_ID: 'DEF123GHIJ' };

describe('the secret APNS_KEY', () => {
  it.each([
    ['without an APNs key id', { APNS_KEY_ID: '' }],
    ['in the emulators', { ...NAMED, FUNCTIONS_EMULATOR: 'true' }],
  ])('is not asked for %s', (_when, env) => {
    const { declared, bound } = discover(env);
    expect(declared).toContain('APNS_KEY_ID');
    expect(declared).not.toContain('APNS_KEY');
    expect(Object.values(bound).flat()).toEqual([]);
  });

  it('is asked for, and bound to every function, with one', () => {
    const { declared, bound } = discover(NAMED);
    expect(declared).toContain('APNS_KEY');
    expect(Object.keys(bound).length).toBeGreaterThan(5);
    for (const secrets of Object.values(bound)) expect(secrets).toEqual(['APNS_KEY']);
  });

  it('is not asked for where another setting is wrong: that is said first', () => {
    expect(() => discover({ ...NAMED, APNS_ENVIRONMENT: 'staging' })).toThrow(
      'APNS_ENVIRONMENT: expected production or sandbox',
    );
  });
});
