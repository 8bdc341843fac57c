/**
 * Finds where this package is installed in a Firebase project, and with which settings: in `firebase.json`, as `firebase deploy` does.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { UsageError } from './command';

export const PACKAGE = '@firestore-push/push';
/** Also those of old, with a domain before a colon. */
const PROJECT_ID = /^[a-z0-9][a-z0-9.:-]{2,61}[a-z0-9]$/;

/** One copy of the functions: an instance of a kit, or a codebase of a team's own that exports them. */
export interface Installation {
  /** The instance's id, or the codebase's name: what follows `--only functions:`. */
  readonly id: string;
  readonly kind: 'kit' | 'codebase';
  /** The folder of its source: absolute. */
  readonly source: string;
  /** What every function's id begins with: `kit-push-`, `acme-`, or nothing. */
  readonly prefix: string;
  /** The folder of its `.env` files: absolute. */
  readonly settingsFolder: string;
  /** The settings as they are written there for the project; what is not there has its default. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A Firebase project on this machine. */
export interface LocalProject {
  /** The folder of `firebase.json`: absolute. */
  readonly folder: string;
  /** From `--project` or `.firebaserc`; undefined where neither names one. */
  readonly projectId: string | undefined;
  /** The parts of `firebase.json` that commands look at. */
  readonly config: FirebaseConfig;
  readonly installations: readonly Installation[];
}

/** `firebase.json`, as far as it is read here. */
export interface FirebaseConfig {
  readonly firestore?: unknown;
  readonly functions?: unknown;
  readonly emulators?: unknown;
}

export interface LocalProjectOptions {
  /** Where to begin to look for `firebase.json`: upwards from there. */
  readonly cwd: string;
  /** A project's id or an alias of `.firebaserc`. Default: the alias `default`. */
  readonly project?: string | undefined;
  /** Whether the emulators are meant: their `.env.local` goes before the others. */
  readonly isEmulated?: boolean;
}

/**
 * The project around `cwd`.
 *
 * @throws {UsageError} where there is no `firebase.json`, or one that cannot be read.
 */
export function localProject({ cwd, project, isEmulated }: LocalProjectOptions): LocalProject {
  const folder = folderOfConfig(cwd);
  const config = readJson(join(folder, 'firebase.json')) as FirebaseConfig;
  const aliases = aliasesOf(readJson(join(folder, '.firebaserc')));
  const asked = project ?? 'default';
  if (project !== undefined && !aliases.has(project) && !PROJECT_ID.test(project)) {
    throw new UsageError(
      `--project: expected the id of a Firebase project or an alias of .firebaserc, got "${project}".`,
    );
  }
  const projectId = aliases.get(asked) ?? project;
  const alias = [...aliases].find(([name, id]) => name !== 'default' && id === projectId)?.[0];
  const names = [alias, projectId, isEmulated === true ? 'local' : undefined];
  const suffixes = ['', ...names.flatMap((name) => (name ? [`.${name}`] : []))];
  const installations = entriesOf(config.functions)
    .filter((entry) => isOurs(folder, entry))
    .flatMap((entry) => copiesOf(folder, entry))
    .map((copy) => {
      refuseOthersSettings(copy.settingsFolder, suffixes, projectId);
      return { ...copy, settings: settingsIn(copy.settingsFolder, suffixes) };
    });
  return { folder, projectId, config, installations };
}

/**
 * The installation that a command is about: the one named, or the only one.
 *
 * @throws {UsageError} naming what there is.
 */
export function chooseInstallation(
  { folder, installations }: Pick<LocalProject, 'folder' | 'installations'>,
  id?: string,
): Installation {
  const named = installations.map((each) => each.id).join(', ');
  if (id !== undefined) {
    const found = installations.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new UsageError(
      `--instance: expected one of those in ${folder}/firebase.json (${named || 'none'}), got "${id}".`,
    );
  }
  const [only] = installations;
  if (only === undefined) {
    throw new UsageError(
      `Expected functions in ${folder}/firebase.json that use ${PACKAGE}, found none. ` +
        `Install them with: firebase functions:kits:install --package ${PACKAGE}`,
    );
  }
  if (installations.length > 1) {
    throw new UsageError(`Expected --instance with one of: ${named}.`);
  }
  return only;
}

/** One entry of `functions` in `firebase.json`. */
interface FunctionsEntry {
  readonly kit?: unknown;
  readonly codebase?: unknown;
  readonly source?: unknown;
  readonly prefix?: unknown;
  readonly configDir?: unknown;
  readonly instances?: unknown;
  readonly sourcePackage?: { readonly name?: unknown };
}

function entriesOf(functions: unknown): FunctionsEntry[] {
  const list: unknown[] = Array.isArray(functions) ? functions : [functions];
  return list.filter((each): each is FunctionsEntry => typeof each === 'object' && each !== null);
}

function isOurs(folder: string, { source, sourcePackage }: FunctionsEntry): boolean {
  if (sourcePackage?.name === PACKAGE) return true;
  if (typeof source !== 'string') return false;
  const { dependencies, devDependencies } = readJson(
    join(folder, source, 'package.json'),
  ) as Partial<Record<'dependencies' | 'devDependencies', object>>;
  if ([dependencies, devDependencies].some((names) => Object.hasOwn(names ?? {}, PACKAGE))) {
    return true;
  }
  // A build may bundle it in, as this package's own repository does.
  const entry = readIfThere(join(folder, source, 'src/index.ts'));
  return entry?.includes(`'${PACKAGE}'`) === true || entry?.includes(`"${PACKAGE}"`) === true;
}

function copiesOf(folder: string, entry: FunctionsEntry): Omit<Installation, 'settings'>[] {
  const source = resolve(folder, String(entry.source));
  if (entry.kit === undefined) {
    const prefix =
      typeof entry.prefix === 'string' && entry.prefix !== '' ? `${entry.prefix}-` : '';
    const settingsFolder =
      typeof entry.configDir === 'string' ? resolve(folder, entry.configDir) : source;
    const id = typeof entry.codebase === 'string' ? entry.codebase : 'default';
    return [{ id, kind: 'codebase', source, prefix, settingsFolder }];
  }
  return Object.entries((entry.instances ?? {}) as Record<string, unknown>).map(([id, config]) => ({
    id,
    kind: 'kit',
    source,
    prefix: `kit-${id}-`,
    settingsFolder: resolve(folder, String(config)),
  }));
}

/**
 * @throws {UsageError} where there are settings, but of other projects: with defaults in their place a command would work on other
 *   collections.
 */
function refuseOthersSettings(
  folder: string,
  suffixes: readonly string[],
  projectId: string | undefined,
): void {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const others = files.filter((name) => /^\.env\.(?!local$|example$)/.test(name));
  const isThere = suffixes.some((suffix) => files.includes(`.env${suffix}`));
  if (isThere || others.length === 0) return;
  throw new UsageError(
    projectId === undefined
      ? `Expected --project, because ${others.join(' and ')} in ${folder} have the settings of a project each, and .firebaserc names no default.`
      : `Expected settings for ${projectId} in ${folder}, found ${others.join(' and ')} only: name another --project, or write .env.${projectId}.`,
  );
}

/** Later files win, as with `firebase deploy`. */
function settingsIn(folder: string, suffixes: readonly string[]): Record<string, string> {
  const files = suffixes.map((suffix) => readIfThere(join(folder, `.env${suffix}`)) ?? '');
  return Object.assign({}, ...files.map((text) => parseEnv(text))) as Record<string, string>;
}

function folderOfConfig(cwd: string): string {
  for (const folder of foldersFrom(resolve(cwd))) {
    if (readIfThere(join(folder, 'firebase.json')) !== undefined) return folder;
  }
  throw new UsageError(
    `Expected a firebase.json in ${cwd} or above, found none: call it in your Firebase project.`,
  );
}

/** An absolute folder and all that it is in, the nearest first. */
export function foldersFrom(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersFrom(parent)];
}

function aliasesOf(firebaserc: unknown): Map<string, string> {
  const projects = (firebaserc as { projects?: unknown }).projects ?? {};
  return new Map(Object.entries(projects as Record<string, string>));
}

/** The file's content, with comments where there are some; `{}` where there is no such file. */
export function readJson(path: string): object {
  const text = readIfThere(path);
  if (text === undefined) return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined || typeof value !== 'object' || value === null) {
    const why = error === undefined ? '' : `: ${printParseErrorCode(error.error)}`;
    throw new UsageError(`Expected a JSON object in ${path}${why}.`);
  }
  return value;
}

/** Undefined where there is no such file. */
export function readIfThere(path: string): string | undefined {
  try {
    // What is no UTF-8 would be written back as something else.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'text that is not UTF-8' : code;
    throw new UsageError(`Expected to be able to read ${path}, got ${why ?? String(error)}.`, {
      cause: error,
    });
  }
}
