/** `npm start`: brings up the simulator and the emulators and stays, printing each push as it arrives. */

import { join } from 'node:path';

import { rejectOnAbort } from './stack/condition.ts';
import { startConsole } from './stack/console.ts';
import { StackError } from './stack/error.ts';
import { OPTIONS_HELP, readOptions } from './stack/options.ts';
import { HOST } from './stack/ports.ts';
import { paint } from './stack/progress.ts';
import { pushLine } from './stack/push-line.ts';
import { listenForPushes } from './stack/pushes.ts';
import { INTERRUPTED_EXIT_CODE, inStack, report } from './stack/session.ts';
import type { StartedConsole } from './stack/console.ts';
import type { Session } from './stack/session.ts';
import { watchProject } from './watch/watch.ts';
import type { Stack } from './stack/stack.ts';

const HELP = `Usage: npm start [-- options]

Builds the functions, starts the simulator and the Firebase emulators, and stays until Ctrl-C.
Edits of functions/, of kit/ and of the rules are reloaded, and data stays; --no-watch turns that off.

${OPTIONS_HELP}`;

const NO_WATCH = '--no-watch';
const WATCH_FLAGS: readonly string[] = ['--watch', NO_WATCH];

const root = join(import.meta.dirname, '..');

const highlight = (text: string): string => paint(process.stdout, 'cyan', text);

async function stay({ stack, progress, signal }: Session, watch: boolean): Promise<number> {
  progress.done('Everything is up. Ctrl-C stops it.');
  const console = hasConsole(stack.parts) ? await startConsole({ root, stack, signal }) : undefined;
  process.stdout.write(overview(stack, console));
  if (watch) await watchProject({ root, stack, output: process.stdout, signal });
  if (stack.parts.includes('simulator')) {
    const pushes = await listenForPushes(`http://${HOST}:${stack.ports.simulator}`, signal);
    for await (const push of pushes) process.stdout.write(`${pushLine(push, highlight)}\n`);
  }
  return rejectOnAbort(signal, () => new StackError('interrupted', 'Interrupted.'));
}

/** It shows what Firestore holds. */
function hasConsole(parts: Stack['parts']): boolean {
  return parts.includes('firestore');
}

function overview({ ports, parts, logs }: Stack, console: StartedConsole | undefined): string {
  const rows: [string, string][] = [];
  if (console !== undefined) {
    rows.push(['Console', 'url' in console ? console.url : `not started: ${console.problem}`]);
  }
  if (parts.includes('simulator')) {
    rows.push(['Inbox page', `http://${HOST}:${ports.simulator}/`]);
    rows.push(['FCM simulator', `${HOST}:${ports.simulator}`]);
    rows.push(['APNs simulator', `${HOST}:${ports['simulator-apns']}`]);
  }
  if (parts.includes('auth')) rows.push(['Authentication', `${HOST}:${ports.auth}`]);
  if (parts.includes('firestore')) rows.push(['Firestore', `${HOST}:${ports.firestore}`]);
  if (parts.includes('functions')) {
    rows.push(['Functions', `${HOST}:${ports.functions}`]);
    rows.push(['Cloud Tasks', `${HOST}:${ports.tasks}`]);
  }
  rows.push(['Logs', logs]);
  return `\n${rows.map(([name, place]) => `  ${name.padEnd(16)}${place}\n`).join('')}\n`;
}

try {
  const args = process.argv.slice(2);
  const options = readOptions(
    args.filter((arg) => !WATCH_FLAGS.includes(arg)),
    process.env,
  );
  const watch = args.findLast((arg) => WATCH_FLAGS.includes(arg)) !== NO_WATCH;
  if (options.help) process.stdout.write(HELP);
  else {
    const code = await inStack(
      root,
      { ...options, build: true, console: hasConsole(options.parts) },
      (session) => stay(session, watch),
    );
    // Ctrl-C is how one leaves, so it is no failure here.
    process.exitCode = code === INTERRUPTED_EXIT_CODE ? 0 : code;
  }
} catch (error) {
  report(error);
  process.exitCode = 1;
}
