/** `npm run push -- send|topic|cancel|status`: sends through the outbox, and says what became of it. */

import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as FirestoreModule from '@google-cloud/firestore';
import { confirm } from './push/confirm.ts';
import { readCommand, UsageError, type Command } from './push/options.ts';
import { OutboxClient, PushError, TimeoutError } from './push/outbox.ts';
import { details, plain, stateOf, table, type Shown } from './push/show.ts';
import { inBothZones } from './push/time.ts';
import { printableJson, printableLines } from './terminal/printable.ts';

const EXIT = { failed: 1, usage: 2, partial: 3, timeout: 4 } as const;
/** A cancellation is answered in seconds, also by a function that has to start first. */
const CANCEL_TIMEOUT_MS = 60_000;

// No metadata server stands beside an emulator; the client library would look for one and complain.
if (process.env.FIRESTORE_EMULATOR_HOST) process.env.METADATA_SERVER_DETECTION ??= 'none';

// The same client as the functions', from where it is installed.
const { Firestore } = createRequire(join(import.meta.dirname, '../functions/package.json'))(
  '@google-cloud/firestore',
) as typeof FirestoreModule;

async function run(command: Command): Promise<number> {
  const db = new Firestore({ projectId: command.project });
  const outbox = new OutboxClient(db);
  try {
    switch (command.name) {
      case 'send': {
        const { stdin: input, stderr: output } = process;
        const agreed = await confirm(command, { input, output, count: (to) => outbox.count(to) });
        if (!agreed) throw new PushError('Nothing was sent.');
        const { sendAt } = command.fields;
        // Whoever made a mistake about the time or the zone sees it here.
        if (sendAt !== undefined) tell(`Due: ${inBothZones(sendAt)}`);
        const id = await outbox.write(command.id, command.fields);
        const shown = command.wait
          ? await outbox.follow(id, command.timeoutMs)
          : await outbox.read(id);
        show(command, shown);
        return command.wait ? exitOf(shown) : 0;
      }
      case 'cancel':
        show(command, await outbox.cancel(command.id, CANCEL_TIMEOUT_MS));
        return 0;
      case 'status':
        show(command, await outbox.read(command.id));
        return 0;
      case 'list': {
        const pushes = await outbox.list(command.limit, command.state);
        say(command.json ? printableJson(pushes.map(plain)) : table(pushes));
        return 0;
      }
    }
  } finally {
    await db.terminate();
  }
}

function exitOf({ document }: Shown): number {
  const state = stateOf(document);
  if (state === 'failed' || state === 'cancelled') return EXIT.failed;
  return state === 'partial' ? EXIT.partial : 0;
}

function show(command: Command, shown: Shown): void {
  say(command.json ? printableJson(plain(shown)) : details(shown));
}

function say(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}

/** To standard error, so that standard output holds nothing but what was asked for. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  const command = readCommand(process.argv.slice(2), process.env, Date.now());
  if ('help' in command) say(command.help);
  else process.exitCode = await run(command);
} catch (error) {
  const { message } = error as Error;
  const hint = error instanceof UsageError ? '\nSee: npm run push -- --help' : '';
  tell(`${printableLines(message)}${hint}`);
  process.exitCode =
    error instanceof UsageError
      ? EXIT.usage
      : error instanceof TimeoutError
        ? EXIT.timeout
        : EXIT.failed;
  // An error that is not ours keeps its stack, for whoever has to fix it.
  if (!(
    error instanceof UsageError ||
    error instanceof TimeoutError ||
    error instanceof PushError
  )) {
    tell(printableLines((error as Error).stack ?? ''));
  }
}
