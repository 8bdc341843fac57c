/**
 * Makes one file of the simulated world and the kit modules that it runs, with virtual time and chance in the place of the real ones.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { replaced, type Replacement } from './replacement.ts';
import { SCALED } from './scaled.ts';

const root = join(import.meta.dirname, '../../..');
/** The kit's sources. */
export const KIT = join(root, 'kit/src');
const UNIVERSE = join(root, 'test/universe');
/** What the world has of providers' answers. */
const SIMULATOR = join(root, 'simulator/src');
/** Where bundles, and what is found with them, are kept. */
export const CACHE = join(root, '.cache/universe');

const SDK = join(UNIVERSE, 'firestore/sdk.ts');
const GLOBALS = join(UNIVERSE, 'time/globals.ts');

/** On the first line, so that the lines of the source stay what they are. */
const PREFIX =
  'import { Date, clearTimeout, setTimeout, virtualRandom } from ' + `${JSON.stringify(GLOBALS)};`;

/** Node's modules that are replaced for the kit. */
const REPLACED_MODULES: ReadonlyMap<string, string> = new Map([
  ['node:crypto', join(UNIVERSE, 'time/crypto.ts')],
  ['node:timers/promises', join(UNIVERSE, 'time/timers.ts')],
]);

/** Ways to real time and chance that are not replaced. */
const FORBIDDEN =
  /\b(?:performance|hrtime|setImmediate|setInterval|getRandomValues|perf_hooks)\b|\bAbortSignal\.timeout|\bprocess\.uptime|\bAtomics\.wait/;
/** The same for the world itself, which has no replacements. */
const FORBIDDEN_IN_WORLD = new RegExp(
  `\\bDate\\.now\\b|new Date\\(\\)|\\bMath\\.random\\b|\\bsetTimeout\\b|\\brandomUUID\\b|(?:${FORBIDDEN.source})`,
);
/** Files of the world that are about time. */
const OF_TIME = /^test\/universe\/time\//;

export interface BundleOptions {
  /** Default: the world, with its sizes made small. */
  readonly entry?: string;
  /** Further changes. */
  readonly replacements?: readonly Replacement[];
}

/** Bundles and returns the file's path. @throws for a replacement that does not apply, and for real time or chance. */
export async function bundle({ entry, replacements = [] }: BundleOptions = {}): Promise<string> {
  const all = [...replacements, ...(entry === undefined ? SCALED : [])];
  const changes = Map.groupBy(all, ({ file }) => join(KIT, file));
  const sources = new Map<string, string>();
  const result = await esbuild.build({
    entryPoints: [entry ?? join(UNIVERSE, 'world/index.ts')],
    outfile: join(CACHE, 'world.cjs'),
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    keepNames: false,
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { target: 'es2024' } },
    alias: { '@google-cloud/firestore': SDK, 'firebase-admin/firestore': SDK },
    plugins: [virtual(changes, sources)],
  });
  const unused = [...changes.keys()].filter((file) => !sources.has(file));
  if (unused.length > 0) {
    throw new Error(
      `Not part of the bundle, though something is replaced in it: ${unused.join(', ')}.`,
    );
  }
  await checkSources(result.metafile, sources);
  const [map = '', code = ''] = result.outputFiles.map(({ text }) => text);
  return write(code, map);
}

/** Gives kit modules the world's time and chance. */
function virtual(
  changes: ReadonlyMap<string, readonly Replacement[]>,
  sources: Map<string, string>,
): esbuild.Plugin {
  return {
    name: 'virtual',
    setup(build) {
      build.onResolve({ filter: /^node:(?:crypto|timers\/promises)$/ }, ({ path, importer }) => {
        const other = REPLACED_MODULES.get(path);
        if (other === undefined || !importer.startsWith(`${KIT}/`)) return undefined;
        return { path: other };
      });
      build.onLoad({ filter: /\/kit\/src\/.*\.ts$/ }, async ({ path }) => {
        const source = replaced(await readFile(path, 'utf8'), changes.get(path) ?? []);
        sources.set(path, source);
        const contents = source.replaceAll(/\bMath\.random\b/g, 'virtualRandom');
        return { contents: PREFIX + contents, loader: 'ts' };
      });
    },
  };
}

async function checkSources(
  { outputs }: esbuild.Metafile,
  sources: ReadonlyMap<string, string>,
): Promise<void> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  for (const [file, { bytesInOutput }] of inputs) {
    if (bytesInOutput === 0) continue;
    const path = join(root, file);
    const isKits = path.startsWith(`${KIT}/`);
    const isWorlds = path.startsWith(`${UNIVERSE}/`) || path.startsWith(`${SIMULATOR}/`);
    if (!isKits && (!isWorlds || OF_TIME.test(file))) continue;
    const source = withoutComments(sources.get(path) ?? (await readFile(path, 'utf8')));
    const found = (isKits ? FORBIDDEN : FORBIDDEN_IN_WORLD).exec(source);
    if (found !== null) {
      throw new Error(`${file} has time or chance that are not the world's: ${found[0]}.`);
    }
  }
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '');
}

/** Bundles of yesterday are of sources that have changed since. */
const KEPT_MS = 24 * 60 * 60_000;

async function removeOld(): Promise<void> {
  const names = (await readdir(CACHE)).filter((name) => name.startsWith('world-'));
  for (const name of names) {
    const path = join(CACHE, name);
    // Somebody else may have removed it just now.
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > KEPT_MS)
      await rm(path, { force: true });
  }
}

/** Removes a bundle that is needed no more. */
export async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.map`, { force: true });
}

/** Under a name that tells what is in it, so that two who bundle at once do not get each other's. */
async function write(code: string, map: string): Promise<string> {
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const name = `world-${hash}.cjs`;
  const path = join(CACHE, name);
  await mkdir(CACHE, { recursive: true });
  await removeOld();
  const named = code.replace('sourceMappingURL=world.cjs.map', `sourceMappingURL=${name}.map`);
  for (const [file, text] of [
    [`${path}.map`, map],
    [path, named],
  ] as const) {
    const passing = `${file}.${process.pid}.tmp`;
    await writeFile(passing, text);
    await rename(passing, file);
  }
  return path;
}
