/**
 * Reads how to send to Apple from the environment: ids, topic, key and servers, or a simulator in their place.
 */
import { emulatorHost, type Environment } from '../emulator-host';
import type { ApnsEnvironment } from './device-facts';

/** One of Apple's servers. */
export interface ApnsEndpoint {
  readonly origin: string;
  /** For a simulator, which is both servers at one address: whose part it is to play. */
  readonly authority?: string;
}

export interface ApnsConfig {
  readonly keyId: string;
  readonly teamId: string;
  /** Text of the `.p8` file; absent for a simulator, which takes any key. */
  readonly key?: string;
  readonly bundleId?: string;
  readonly environment: ApnsEnvironment;
  readonly endpoints: Readonly<Record<ApnsEnvironment, ApnsEndpoint>>;
}

/** Apple, "Sending notification requests to APNs". */
const APNS_HOSTS = {
  production: 'api.push.apple.com',
  sandbox: 'api.sandbox.push.apple.com',
} as const;
const DEFAULT_APNS_EMULATOR_HOST = '127.0.0.1:9111';
/** What a simulator is told where nothing is set; it takes any. */
const SIMULATED = { keyId: 'SIMULATED0', teamId: 'SIMULATED1', bundleId: 'com.example.app' };

/**
 * How to send straight to Apple, or to the simulator (`APNS_EMULATOR_HOST`, by default under the Functions emulator);
 * undefined where `APNS_KEY_ID` is not set.
 *
 * @throws when `APNS_ENVIRONMENT` or `APNS_EMULATOR_HOST` is not what it should be; ids and key are checked by their reader.
 */
export function apnsConfig(env: Environment): ApnsConfig | undefined {
  const host = emulatorHost(env, 'APNS_EMULATOR_HOST', DEFAULT_APNS_EMULATOR_HOST);
  const keyId = env['APNS_KEY_ID'] ?? '';
  const teamId = env['APNS_TEAM_ID'] ?? '';
  const bundleId = env['APNS_TOPIC'] ?? '';
  const environment = env['APNS_ENVIRONMENT'] || 'production';
  if (environment !== 'production' && environment !== 'sandbox') {
    throw new Error(`APNS_ENVIRONMENT: expected production or sandbox, got "${environment}".`);
  }
  if (host !== undefined) {
    const endpoint = (authority: string): ApnsEndpoint => ({ origin: `http://${host}`, authority });
    return {
      keyId: keyId || SIMULATED.keyId,
      teamId: teamId || SIMULATED.teamId,
      bundleId: bundleId || SIMULATED.bundleId,
      environment,
      endpoints: {
        production: endpoint(APNS_HOSTS.production),
        sandbox: endpoint(APNS_HOSTS.sandbox),
      },
    };
  }
  if (keyId === '') return undefined;
  return {
    keyId,
    teamId,
    key: env['APNS_KEY'] ?? '',
    ...(bundleId === '' ? {} : { bundleId }),
    environment,
    endpoints: {
      production: { origin: `https://${APNS_HOSTS.production}` },
      sandbox: { origin: `https://${APNS_HOSTS.sandbox}` },
    },
  };
}
