/**
 * Says whether a simulator stands in for a provider: where its variable names one, and always under the Functions emulator, from
 * where nothing real can be reached.
 */

import { own } from '../model/own';

/** An environment: `process.env`, or a test's. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `host:port` of the simulator, or undefined for the real provider.
 *
 * @param name of the variable, e.g. `FCM_EMULATOR_HOST`.
 * @param standard address under the Functions emulator.
 * @throws when the variable is not `host:port`.
 */
export function emulatorHost(env: Environment, name: string, standard: string): string | undefined {
  const host = own(env, name) || (env['FUNCTIONS_EMULATOR'] === 'true' ? standard : undefined);
  if (host !== undefined && !/^[^\s/:]+:\d{1,5}$/.test(host)) {
    throw new Error(`${name}: expected host:port such as ${standard}, got "${host}".`);
  }
  return host;
}
