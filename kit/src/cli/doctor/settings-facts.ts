/**
 * What the package makes of an installation's settings: asked of `config.ts`, which refuses the same values when it is deployed.
 */
import type * as Config from '../../config';
import { functionRegion } from '../../model/region';
import { COLLECTIONS } from '../../store/collections';
import { own } from '../../model/own';
import type { Places, SettingsFacts } from './facts';

type Settings = Readonly<Record<string, string>>;

/** What `REGION` is where it is not set: config.ts's default, which a test holds this equal to. */
export const DEFAULT_REGION = 'us-central1';

/** Names in a `.env` that are no settings, but are read: the secret, for the emulators, and where simulators are. */
const BESIDE_SETTINGS = ['APNS_KEY', 'FCM_EMULATOR_HOST', 'APNS_EMULATOR_HOST'];

export function settingsFacts(values: Settings): SettingsFacts {
  let config: typeof Config;
  try {
    // Loaded here, and not by import: config.ts checks the settings of the process that loads it, which is the operator's shell.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    config = require('../../config') as typeof Config;
  } catch (error) {
    return { values, names: [], refused: [], unchecked: (error as Error).message };
  }
  return {
    values,
    names: [...config.SETTINGS.map(([{ name }]) => name), ...BESIDE_SETTINGS],
    refused: [
      ...problemsOf(() => config.checkSettings(values)),
      ...problemsOf(() => functionRegion(values['REGION'] || DEFAULT_REGION)),
    ],
  };
}

/** The region that the functions are meant to be in; undefined where the setting names none. */
export function regionOf(values: Settings): string | undefined {
  try {
    return functionRegion(values['REGION'] || DEFAULT_REGION);
  } catch {
    return undefined;
  }
}

/**
 * Where an installation keeps its documents. A setting that this version of the package does not have does nothing, so it is not
 * looked at either.
 */
export function placesOf(values: Settings, names: readonly string[]): Places {
  const setting = (name: string, otherwise: string) =>
    (names.includes(name) && own(values, name)) || otherwise;
  return {
    database: setting('DATABASE', '(default)'),
    collections: {
      deliveries: setting('DELIVERIES_COLLECTION', COLLECTIONS.deliveries),
      devices: setting('DEVICES_COLLECTION', COLLECTIONS.devices),
      pushes: setting('PUSHES_COLLECTION', COLLECTIONS.pushes),
    },
  };
}

function problemsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line !== 'Wrong settings:');
  }
}
