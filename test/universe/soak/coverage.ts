/** Says which branches of the engine a sample of worlds runs through, by V8's own counts. */
import { readFile, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { join, relative } from 'node:path';
import v8ToIstanbul from 'v8-to-istanbul';
import { bundle, CACHE, KIT } from './bundle.ts';
import { loadWorld, reportOn } from './contract.ts';
import type { UniverseOptions } from './options.ts';
import type { Output } from './soak.ts';
import { shown } from './words.ts';

const SAMPLE = 20_000;
/** How often it is said how far it is, in worlds. */
const SAY_EVERY = 200;

/** What Istanbul says of one file, as far as it matters here. */
export interface IstanbulFile {
  readonly branchMap: Readonly<Record<string, { readonly loc: Place }>>;
  /** How often each branch was taken. */
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly fnMap: Readonly<Record<string, { readonly name: string; readonly loc: Place }>>;
  /** How often each function was called. */
  readonly f: Readonly<Record<string, number>>;
}

interface Place {
  readonly start: { readonly line: number };
}

/** What of one file was run through. */
export interface FileCoverage {
  /** Below kit/src. */
  readonly file: string;
  /** Branches, and functions that were never called. */
  readonly total: number;
  readonly covered: number;
  /** Lines at which what was never run begins; functions with their names. */
  readonly missing: readonly string[];
}

/** Always true: what is not covered is to be read, not to be counted. */
export async function coverage(
  { first, worlds = SAMPLE }: Extract<UniverseOptions, { kind: 'coverage' }>,
  { print, progress }: Output,
  signal: AbortSignal,
): Promise<boolean> {
  const path = await bundle();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const world = loadWorld(path);
  Error.stackTraceLimit = 0;
  let played = 0;
  for (; played < worlds && !signal.aborted; played += 1) {
    await reportOn(world, world.planOf(first + played));
    if (played % SAY_EVERY === 0) progress(`${shown(played)} of ${shown(worlds)} worlds`);
  }
  Error.stackTraceLimit = 10;
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const script = result.find(({ url }) => url.endsWith(path));
  if (script === undefined) throw new Error('The profiler knows nothing of the bundle.');
  const files = await coverageOf(path, script.functions);
  const lines = [`Of ${shown(played)} worlds from seed ${first}:`, ...coverageLines(files)];
  for (const line of lines) print(line);
  const file = join(CACHE, 'coverage.txt');
  await writeFile(file, `${lines.join('\n')}\n`);
  print(`(also in ${file})`);
  return true;
}

async function coverageOf(
  path: string,
  functions: readonly Profiler.FunctionCoverage[],
): Promise<FileCoverage[]> {
  const source = await readFile(path, 'utf8');
  const sourcemap = JSON.parse(await readFile(`${path}.map`, 'utf8')) as never;
  const sourceMap = { sourcemap };
  const converter = v8ToIstanbul(path, 0, { source, sourceMap });
  await converter.load();
  converter.applyCoverage([...functions]);
  const data = converter.toIstanbul() as unknown as Readonly<Record<string, IstanbulFile>>;
  converter.destroy();
  return fileCoverages(data);
}

/** What Istanbul's data says of the kit's files, in order of their names. */
export function fileCoverages(data: Readonly<Record<string, IstanbulFile>>): FileCoverage[] {
  return Object.entries(data)
    .filter(([path]) => path.startsWith(`${KIT}/`))
    .map(([path, { branchMap, b, fnMap, f }]) => {
      const branches = Object.entries(branchMap).map(([key, { loc }]) => ({
        line: loc.start.line,
        name: '',
        isCovered: (b[key]?.[0] ?? 0) > 0,
      }));
      // Those that were called are branches as well.
      const uncalled = Object.entries(fnMap)
        .filter(([key]) => f[key] === 0)
        .map(([, { name, loc }]) => ({ line: loc.start.line, name, isCovered: false }));
      const all = [...branches, ...uncalled].sort((one, other) => one.line - other.line);
      const missing = all.filter(({ isCovered }) => !isCovered);
      return {
        file: relative(KIT, path),
        total: all.length,
        covered: all.length - missing.length,
        missing: [...new Set(missing.map(({ line, name }) => `${line}${name && ` ${name}()`}`))],
      };
    })
    .sort((one, other) => (one.file < other.file ? -1 : 1));
}

/** The files with their folders' sums. */
export function coverageLines(files: readonly FileCoverage[]): string[] {
  const folders = Map.groupBy(files, ({ file }) => file.split('/').slice(0, -1).join('/'));
  const sum = (some: readonly FileCoverage[]): string => {
    const covered = some.reduce((all, each) => all + each.covered, 0);
    return `${covered} of ${some.reduce((all, each) => all + each.total, 0)}`;
  };
  return [
    ...[...folders].flatMap(([folder, inside]) => [
      `${folder}: ${sum(inside)} branches`,
      ...inside.map(({ file, covered, total, missing }) => {
        const never = missing.length === 0 ? '' : `; never: ${missing.join(', ')}`;
        return `  ${file}: ${covered} of ${total}${never}`;
      }),
    ]),
    `all: ${sum(files)} branches`,
  ];
}
