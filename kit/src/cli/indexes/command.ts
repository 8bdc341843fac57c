/**
 * `npx @firestore-push/push indexes`: what the backend's queries and TTL policies want, in the team's own file.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { chosenInstallations, INSTALLATION_HELP, INSTALLATION_OPTIONS } from '../chosen';
import {
  EXIT,
  readOptions,
  UsageError,
  type Command,
  type ExitCode,
  type Surroundings,
} from '../command';
import { firestoreFile, linesFor } from '../firestore-files';
import { readIfThere, type LocalProject } from '../installation';
import { collectionGroup, DEFAULT_NAMES, namesOf, type Names } from '../names';
import { JsonError } from './append';
import { mergeIndexes, type Merge } from './merge';
import { wantedIndexes } from './wanted';

const HELP = `Usage: npx @firestore-push/push indexes [options]

Adds the indexes, TTL policies and field overrides that the functions need to your firestore.indexes.json: the file that
firebase.json names for the database. What stands there stays, in its order and with its comments. Shows what it adds.

Options:
  --dry-run       only show it
  --check         only show it; exit 1 where something is missing, for CI
${INSTALLATION_HELP}  --help          this text
`;

export const indexesCommand: Command = {
  name: 'indexes',
  summary: 'add what the functions need to firestore.indexes.json',
  help: HELP,
  run: (args, surroundings) => Promise.resolve(run(args, surroundings)),
};

function run(args: readonly string[], surroundings: Surroundings): ExitCode {
  const { values } = readOptions(args, {
    ...INSTALLATION_OPTIONS,
    'dry-run': { type: 'boolean' },
    check: { type: 'boolean' },
  });
  const { project, installations } = chosenInstallations(surroundings.cwd, values);
  const merges = byFile(
    project,
    installations.map(({ settings }) => namesOf(settings)),
  ).map((file) => ({ ...file, ...merged(file) }));
  // Each was read and understood: nothing is written where one of them cannot be.
  const isWrong = merges.map((merge) => report(project, merge, surroundings)).includes(true);
  if (values.check) return isWrong ? EXIT.wrong : EXIT.ok;
  if (!values['dry-run']) {
    for (const merge of merges.filter(changes)) write(merge, surroundings);
  }
  return EXIT.ok;
}

interface IndexesFile {
  /** From the project's folder. */
  readonly name: string;
  readonly path: string;
  readonly isConfigured: boolean;
  readonly database: string;
  readonly before: string;
  readonly names: readonly Names[];
}

type MergedFile = IndexesFile & Merge;

/** The files of all their databases, with the installations that each is for. */
function byFile(project: LocalProject, installations: readonly Names[]): IndexesFile[] {
  const files = new Map<string, IndexesFile>();
  for (const names of installations) {
    const { database } = names;
    const configured = firestoreFile(project, database, 'indexes');
    const name = configured ?? unconfigured(database);
    const path = join(project.folder, name);
    const others = files.get(path)?.names ?? [];
    files.set(path, {
      name,
      path,
      database,
      isConfigured: configured !== undefined,
      before: readIfThere(path) ?? '',
      names: [...others, names],
    });
  }
  return [...files.values()];
}

function unconfigured(database: string): string {
  return database === DEFAULT_NAMES.database
    ? 'firestore.indexes.json'
    : `firestore.${database}.indexes.json`;
}

/** @throws {UsageError} where the file is not what it should be. */
function merged({ path, before, names }: IndexesFile): Merge {
  try {
    return mergeIndexes(before, wantedIndexes(names));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const message = `${path}: expected a JSON object as firebase deploy takes it, got ${error.message}. Nothing was written.`;
    throw new UsageError(message, { cause: error });
  }
}

function changes({ before, text }: MergedFile): boolean {
  return before !== text;
}

/** Shows what is missing and what differs; whether anything of it is wrong. */
function report(project: LocalProject, file: MergedFile, { out }: Surroundings): boolean {
  const { name, before, text, differences, database } = file;
  if (changes(file)) {
    const from = before === '' ? '/dev/null' : name;
    out(createTwoFilesPatch(from, name, before, text, '', '', { context: 3 }));
    out(`${forAllOf(file.names)}\n`);
  } else out(`${name} has everything that the functions need.\n`);
  for (const { field, message } of differences) out(`${name}: ${field}: ${message}.\n`);
  if (!file.isConfigured) {
    out(
      `firebase.json names no indexes for the database ${database}. Add ${linesFor(project, database, 'indexes', name)}\n`,
    );
  }
  return changes(file) || !file.isConfigured || differences.some(({ breaks }) => breaks);
}

/** What a team has to know before it deploys them. */
function forAllOf(installations: readonly Names[]): string {
  const groups = installations.flatMap(({ devices, deliveries, pushes }) =>
    [devices, deliveries, pushes].map(collectionGroup),
  );
  const names = [...new Set(groups)].join(', ');
  return (
    `These count for every collection of these names, wherever it is: ${names}. If your app has another one of such a name, ` +
    'its documents with an expiresAt would be deleted at that time: give these installations other collections first.'
  );
}

function write({ name, path, text }: MergedFile, { out }: Surroundings): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `Expected to be able to write ${path}, got ${code}. Nothing was written.`,
      {
        cause: error,
      },
    );
  }
  out(`Written: ${name}. Deploy it with: firebase deploy --only firestore:indexes\n`);
}
