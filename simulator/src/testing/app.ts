/** Runs an app in a process of its own, with the preload and a simulator, as its users would. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../index.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const PRELOAD = path('../../preload.cjs');

/**
 * Runs a script whose `require` looks where `from` (relative to this file) would, and answers what it
 * printed as its last line, parsed. Rejects with what it wrote to standard error if it fails.
 */
export async function runApp(
  simulator: Simulator,
  script: string,
  options: { readonly from: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<unknown> {
  const source = `
    const require = process.getBuiltinModule('node:module')
      .createRequire(${JSON.stringify(path(options.from))});
    ${script}`;
  const { GOOGLE_APPLICATION_CREDENTIALS: _unset, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['--require', PRELOAD, '--input-type=module', '--eval', source],
    {
      env: {
        ...inherited,
        FCM_EMULATOR_HOST: simulator.emulatorHost,
        APNS_EMULATOR_HOST: simulator.apnsEmulatorHost,
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(errors);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
