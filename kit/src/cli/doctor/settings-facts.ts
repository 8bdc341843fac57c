/**
 * What the package makes of an installation's settings: asked of `config.ts`, which refuses the same values when it is deployed.
 */
import type * as Config from '../../config';
import { own } from '../../model/own';
import { functionRegion } from '../../model/region';
import * as settings from '../../settings';
import type { Places, SettingsFacts } from './facts';

type Settings = Readonly<Record<string, string>>;

/** Names in a `.env` that are no settings, but are read: a kit's region, the secret, for the emulators, and where simulators are. */
const BESIDE_SETTINGS = [
  'FUNCTION_DEFAULT_REGION',
  'APNS_KEY',
  'FCM_EMULATOR_HOST',
  'APNS_EMULATOR_HOST',
];
const NAMES: readonly string[] = [...settings.SETTINGS.map(({ name }) => name), ...BESIDE_SETTINGS];

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
      ...problemsOf(() => config.askedRegion(values)),
    ],
  };
}

/** The region that the functions are meant to be in; undefined where the settings name none, or one that cannot be. */
export function regionOf(values: Settings): string | undefined {
  try {
    const location = values['REGION'] || values['FUNCTION_DEFAULT_REGION'];
    return location ? functionRegion(location) : undefined;
  } catch {
    return undefined;
  }
}

/** Where an installation keeps its documents. */
export function placesOf(values: Settings): Places {
  const setting = ({ name, options }: (typeof settings)['database']) =>
    own(values, name) ?? (options.default as string);
  return {
    database: setting(settings.database),
    collections: {
      users: setting(settings.usersCollection),
      deliveries: setting(settings.deliveriesCollection),
      devices: setting(settings.devicesCollection),
      pushes: setting(settings.pushesCollection),
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
