/** What an installation calls its database and its collections, by its settings. */
import { collectionProblem } from '../model/collection-path';
import { settingProblems } from '../model/settings';
import {
  COLLECTIONS,
  database,
  deliveriesCollection,
  devicesCollection,
  pushesCollection,
  tokensField,
  usersCollection,
} from '../settings';
import { DEFAULT_NAMES as DEFAULT_COLLECTIONS, type CollectionNames } from '../store/collections';
import { UsageError } from './command';
import { environmentOf } from './environment';
import type { Installation } from './installation';

export interface Names extends CollectionNames {
  /** The id of the Firestore database. */
  readonly database: string;
}

export const DEFAULT_NAMES: Names = { ...DEFAULT_COLLECTIONS, database: '(default)' };

const PLACES = [...COLLECTIONS, tokensField, database];

/** @throws {UsageError} naming a setting that can be no name. */
export function namesOf(settings: Installation['settings']): Names {
  const values = environmentOf({ settings });
  const [problem] = settingProblems(
    new Map(PLACES.map(({ name, allowed }) => [name, allowed])),
    Object.fromEntries(values),
  );
  if (problem !== undefined) throw new UsageError(problem);
  const together = collectionProblem(
    new Map(COLLECTIONS.map(({ name }) => [name, values.get(name) ?? ''])),
  );
  if (together !== undefined) throw new UsageError(together);
  const named = ({ name }: { readonly name: string }) => values.get(name) ?? '';
  return {
    users: named(usersCollection),
    devices: named(devicesCollection),
    deliveries: named(deliveriesCollection),
    pushes: named(pushesCollection),
    tokensField: named(tokensField),
    database: named(database),
  };
}

export { collectionGroup } from '../model/collection-path';
