/**
 * What an installation calls its collections: from its settings, whose defaults stand here once more, because the functions' own
 * are params, which only a deployed function can read.
 */
import { UsageError } from './command';
import type { Installation } from './installation';

export interface Names {
  /** Paths of collections: `users`, or `apps/shop/users`. */
  readonly users: string;
  readonly devices: string;
  readonly deliveries: string;
  readonly pushes: string;
  readonly sweeps: string;
  /** The field of a user's document that lists addresses. */
  readonly tokensField: string;
  /** The id of the Firestore database. */
  readonly database: string;
}

export type CollectionName = 'users' | 'devices' | 'deliveries' | 'pushes' | 'sweeps';

export const DEFAULT_NAMES: Names = {
  users: 'users',
  devices: 'devices',
  deliveries: 'deliveries',
  pushes: 'pushes',
  sweeps: 'sweeps',
  tokensField: 'tokens',
  database: '(default)',
};

/** An element of a path: nothing that rules or Firestore would read as something else. */
const NAME = /^(?!\.{1,2}$|__.*__$)[\w.~-]+$/;
const FIELD = /^[A-Za-z_]\w*$/;

/** @throws {UsageError} naming a setting that can be no name. */
export function namesOf(settings: Installation['settings']): Names {
  const values = new Map(Object.entries(settings));
  const read = (setting: string, preset: string): string => values.get(setting) || preset;
  const collection = (setting: string, preset: string): string => {
    const path = read(setting, preset);
    const names = path.split('/');
    if (names.length % 2 === 1 && names.every((name) => NAME.test(name))) return path;
    throw new UsageError(
      `${setting}: expected a collection, such as ${preset} or apps/shop/${preset}, got "${path}".`,
    );
  };
  const tokensField = read('TOKENS_FIELD', DEFAULT_NAMES.tokensField);
  if (!FIELD.test(tokensField)) {
    throw new UsageError(
      `TOKENS_FIELD: expected the name of a field, such as tokens, got "${tokensField}".`,
    );
  }
  return {
    users: collection('USERS_COLLECTION', DEFAULT_NAMES.users),
    devices: collection('DEVICES_COLLECTION', DEFAULT_NAMES.devices),
    deliveries: collection('DELIVERIES_COLLECTION', DEFAULT_NAMES.deliveries),
    pushes: collection('PUSHES_COLLECTION', DEFAULT_NAMES.pushes),
    sweeps: collection('SWEEPS_COLLECTION', DEFAULT_NAMES.sweeps),
    tokensField,
    database: read('DATABASE', DEFAULT_NAMES.database),
  };
}

/** What indexes are kept by: the last name of a collection's path. */
export function collectionGroup(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
