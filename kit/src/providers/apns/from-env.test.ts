import { apnsConfig } from './from-env';

const REAL = {
  APNS_KEY_ID: 'ABC123DEFG',
  APNS_TEAM_ID: 'DEF123GHIJ',
  APNS_TOPIC: 'com.example.birds',
  APNS_KEY: 'the text of the file',
};

describe('apnsConfig', () => {
  it('is nothing without a key id: such a deployment is asked for no secret', () => {
    expect(apnsConfig({})).toBeUndefined();
    expect(apnsConfig({ APNS_KEY_ID: '', APNS_TEAM_ID: 'DEF123GHIJ' })).toBeUndefined();
  });

  it("is Apple's two servers with a key id", () => {
    expect(apnsConfig(REAL)).toEqual({
      keyId: 'ABC123DEFG',
      teamId: 'DEF123GHIJ',
      bundleId: 'com.example.birds',
      key: 'the text of the file',
      environment: 'production',
      endpoints: {
        production: { origin: 'https://api.push.apple.com' },
        sandbox: { origin: 'https://api.sandbox.push.apple.com' },
      },
    });
  });

  it('leaves what is missing for the reader of key and ids to miss', () => {
    expect(apnsConfig({ APNS_KEY_ID: 'ABC123DEFG' })).toMatchObject({ key: '', teamId: '' });
    expect(apnsConfig({ APNS_KEY_ID: 'ABC123DEFG' })).not.toHaveProperty('bundleId');
  });

  it('is the simulator under the Functions emulator, as both servers, without a key', () => {
    expect(apnsConfig({ FUNCTIONS_EMULATOR: 'true' })).toEqual({
      keyId: 'SIMULATED0',
      teamId: 'SIMULATED1',
      bundleId: 'com.example.app',
      environment: 'production',
      endpoints: {
        production: { origin: 'http://127.0.0.1:9111', authority: 'api.push.apple.com' },
        sandbox: { origin: 'http://127.0.0.1:9111', authority: 'api.sandbox.push.apple.com' },
      },
    });
  });

  it('never takes a real key to a simulator, wherever that is', () => {
    const config = apnsConfig({
      ...REAL,
      APNS_EMULATOR_HOST: 'localhost:1',
      APNS_ENVIRONMENT: 'sandbox',
    });
    expect(config).toMatchObject({
      keyId: 'ABC123DEFG',
      bundleId: 'com.example.birds',
      environment: 'sandbox',
      endpoints: { sandbox: { origin: 'http://localhost:1' } },
    });
    expect(config).not.toHaveProperty('key');
  });

  it.each([
    [
      { APNS_ENVIRONMENT: 'staging' },
      'APNS_ENVIRONMENT: expected production or sandbox, got "staging"',
    ],
    [{ APNS_EMULATOR_HOST: 'localhost' }, 'APNS_EMULATOR_HOST: expected host:port'],
  ])('refuses %j and says what was expected', (env, words) => {
    expect(() => apnsConfig(env)).toThrow(words);
  });
});
