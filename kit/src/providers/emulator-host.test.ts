import { emulatorHost } from './emulator-host';

const hostIn = (env: Record<string, string>) => emulatorHost(env, 'X_HOST', '127.0.0.1:9999');

describe('emulatorHost', () => {
  it('is nowhere in the cloud', () => {
    expect(hostIn({})).toBeUndefined();
  });

  it('is where the variable says, there as here', () => {
    expect(hostIn({ X_HOST: 'localhost:1' })).toBe('localhost:1');
    expect(hostIn({ X_HOST: 'localhost:1', FUNCTIONS_EMULATOR: 'true' })).toBe('localhost:1');
  });

  it('is at the standard port under the Functions emulator', () => {
    expect(hostIn({ FUNCTIONS_EMULATOR: 'true' })).toBe('127.0.0.1:9999');
    expect(hostIn({ FUNCTIONS_EMULATOR: 'true', X_HOST: '' })).toBe('127.0.0.1:9999');
  });

  it('must be host:port', () => {
    expect(() => hostIn({ X_HOST: 'http://x:1' })).toThrow(
      'X_HOST: expected host:port such as 127.0.0.1:9999, got "http://x:1".',
    );
  });
});
