/** What an installation calls its database and its collections, by its settings. */
import { settingProblems } from '../model/settings';
import { collectionGroup } from '../model/collection-path';
import type { IndexedCollection } from '../store/indexes';
import { collectionProblemIn, namesIn, type Names } from '../names';
import { COLLECTIONS, database, tokensField } from '../settings';
import { UsageError } from './command';
import type { Installation } from './installation';

export type { Names } from '../names';
export { collectionGroup };

export const DEFAULT_NAMES: Names = namesIn({});

const NAMING = [...COLLECTIONS, tokensField, database];

/** The last part of the path of a collection, by which indexes and policies name it. */
export function groupOf(names: Names, collection: IndexedCollection): string {
  return collection === 'digestItems' ? collection : collectionGroup(names[collection]);
}

/** @throws {UsageError} naming a setting that can be no name. */
export function namesOf(settings: Installation['settings']): Names {
  const allowed = new Map(NAMING.map(({ name, allowed: form }) => [name, form]));
  const problem = settingProblems(allowed, settings)[0] ?? collectionProblemIn(settings);
  if (problem !== undefined) throw new UsageError(problem);
  return namesIn(settings);
}
