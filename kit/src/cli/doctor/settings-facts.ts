/**
 * What the package makes of an installation's settings: asked of `config.ts`, which refuses the same values when it is deployed.
 */
import type * as Config from '../../config';
import { askedRegion } from '../../model/region';
import { SETTINGS } from '../../settings';
import type { SettingsFacts } from './facts';

type Settings = Readonly<Record<string, string>>;

/** Names in a `.env` that are no settings, but are read: a kit's region, the secret, for the emulators, and where simulators are. */
const BESIDE_SETTINGS = [
  'FUNCTION_DEFAULT_REGION',
  'APNS_KEY',
  'FCM_EMULATOR_HOST',
  'APNS_EMULATOR_HOST',
];
const NAMES: readonly string[] = [...SETTINGS.map(({ name }) => name), ...BESIDE_SETTINGS];

export function settingsFacts(values: Settings): SettingsFacts {
  let config: typeof Config;
  try {
    // Loaded here, and not by import: config.ts checks the settings of the process that loads it, which is the operator's shell.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    config = require('../../config') as typeof Config;
  } catch (error) {
    return { values, names: NAMES, refused: [], unchecked: (error as Error).message };
  }
  return {
    values,
    names: NAMES,
    refused: [
      ...problemsOf(() => config.checkSettings(values)),
      ...problemsOf(() => askedRegion(values)),
    ],
  };
}

/** The region that the functions are meant to be in; undefined where the settings name none, or one that cannot be. */
export function regionOf(values: Settings): string | undefined {
  try {
    return askedRegion(values);
  } catch {
    return undefined;
  }
}

function problemsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line !== 'Wrong settings:');
  }
}
