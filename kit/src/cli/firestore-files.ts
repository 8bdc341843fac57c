/**
 * Which files hold the rules and the indexes of a database: as `firebase deploy` reads it from `firebase.json`.
 */
import { join } from 'node:path';
import { own } from '../model/own';
import { readJson, type LocalProject } from './installation';
import { DEFAULT_NAMES } from './names';

type Kind = 'rules' | 'indexes';

/** The file's path from the project's folder; undefined where `firebase.json` names none. */
export function firestoreFile(
  project: LocalProject,
  database: string,
  kind: Kind,
): string | undefined {
  const { firestore } = project.config;
  const entries: readonly unknown[] = Array.isArray(firestore) ? firestore : [firestore];
  const entry = entries.find((each) => databasesOf(project, each).includes(database));
  const file = own(entry, kind);
  return typeof file === 'string' && file !== '' ? file : undefined;
}

/** What has to be written into `firebase.json` where it names no file. */
export function linesFor(
  { config }: Pick<LocalProject, 'config'>,
  database: string,
  kind: Kind,
  file: string,
): string {
  const isDefault = database === DEFAULT_NAMES.database;
  const entry = { ...(isDefault ? {} : { database }), [kind]: file };
  if (Array.isArray(config.firestore)) {
    return `to "firestore", in the entry of this database or as its entry: ${JSON.stringify({ database, [kind]: file })}`;
  }
  if (own(config.firestore, 'database') !== undefined || (config.firestore && !isDefault)) {
    return `as one of a list in "firestore": ${JSON.stringify({ database, [kind]: file })}`;
  }
  if (config.firestore) return `to "firestore": ${JSON.stringify(kind)}: ${JSON.stringify(file)}`;
  return `"firestore": ${JSON.stringify(entry)}`;
}

function databasesOf({ folder, projectId }: LocalProject, entry: unknown): unknown[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const target = own(entry, 'target');
  if (typeof target !== 'string') return [own(entry, 'database') ?? DEFAULT_NAMES.database];
  const targets = own(readJson(join(folder, '.firebaserc')), 'targets');
  const ofProject = own(own(targets, projectId ?? ''), 'firestore');
  const databases = own(ofProject, target);
  return Array.isArray(databases) ? (databases as unknown[]) : [];
}
