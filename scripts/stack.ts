/** `node scripts/stack.ts [options] [-- command …]`: runs a command inside the emulators and the simulator. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { OPTIONS_HELP, readOptions } from './stack/options.ts';
import { inStack, report } from './stack/session.ts';
import type { Session } from './stack/session.ts';

const HELP = `Usage: node scripts/stack.ts [options] -- command …

Starts the simulator and the Firebase emulators, runs the command with their addresses in its environment
(FIRESTORE_EMULATOR_HOST, FIREBASE_AUTH_EMULATOR_HOST, FUNCTIONS_EMULATOR_HOST, CLOUD_TASKS_EMULATOR_HOST,
FCM_EMULATOR_HOST, APNS_EMULATOR_HOST, SIMULATOR_URL, FUNCTIONS_REGION, FUNCTIONS_SOURCE, GCLOUD_PROJECT, STACK_LOGS), then stops everything and exits with its code.

${OPTIONS_HELP}`;

const root = join(import.meta.dirname, '..');

function runCommand(
  command: readonly string[],
  { stack, progress, signal }: Session,
): Promise<number> {
  progress.done(`up: ${stack.parts.join(', ')}; logs in ${stack.logs}`);
  const [binary, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(binary ?? '', args, {
      stdio: 'inherit',
      env: { ...process.env, ...stack.env },
    });
    signal.addEventListener('abort', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help || options.command.length === 0) {
    process.stdout.write(HELP);
    process.exitCode = options.help ? 0 : 1;
  } else {
    process.exitCode = await inStack(root, options, (session) =>
      runCommand(options.command, session),
    );
  }
} catch (error) {
  report(error);
  process.exitCode = 1;
}
