/** What an installation calls its database and its collections, by its settings. */
import { settingProblems } from '../model/settings';
import { collectionProblemIn, namesIn, type Names } from '../names';
import { COLLECTIONS, database, tokensField } from '../settings';
import { UsageError } from './command';
import type { Installation } from './installation';

export type { Names } from '../names';
export { collectionGroup } from '../model/collection-path';

export const DEFAULT_NAMES: Names = namesIn({});

const NAMING = [...COLLECTIONS, tokensField, database];

/** @throws {UsageError} naming a setting that can be no name. */
export function namesOf(settings: Installation['settings']): Names {
  const allowed = new Map(NAMING.map(({ name, allowed: form }) => [name, form]));
  const problem = settingProblems(allowed, settings)[0] ?? collectionProblemIn(settings);
  if (problem !== undefined) throw new UsageError(problem);
  return namesIn(settings);
}
