/**
 * What the package makes of an installation's settings: the same values are refused when it is deployed.
 */
import { checkSettings } from '../../check-settings';
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
  return {
    values,
    names: NAMES,
    refused: [...problemsOf(() => checkSettings(values)), ...problemsOf(() => askedRegion(values))],
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
