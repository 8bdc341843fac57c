#!/usr/bin/env node
/**
 * `npx @firestore-push/push …`: what is done from a terminal, in a Firebase project that has this package.
 */
import { printable } from './printable';
import { EXIT, UsageError, type Command, type ExitCode, type Surroundings } from './command';

/** Loaded when they are called: none pays for the others. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['backfill', async () => (await import('./backfill/command.js')).backfillCommand],
  ['cancel', async () => (await import('./cancel/command.js')).cancelCommand],
  ['console', async () => (await import('./console/command.js')).consoleCommand],
  ['doctor', async () => (await import('./doctor/command.js')).doctorCommand],
  ['indexes', async () => (await import('./indexes/command.js')).indexesCommand],
  ['retry', async () => (await import('./retry/command.js')).retryCommand],
  ['rules', async () => (await import('./rules/command.js')).rulesCommand],
  ['status', async () => (await import('./status/command.js')).statusCommand],
  ['why', async () => (await import('./why/command.js')).whyCommand],
]);

export async function main(
  [name, ...args]: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { out, err } = surroundings;
  if (name === undefined || name === '--help' || name === 'help') {
    out(await overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const load = COMMANDS.get(name);
  if (load === undefined) {
    err(`Expected a command (${[...COMMANDS.keys()].join(', ')}), got "${printable(name)}".\n`);
    return EXIT.usage;
  }
  const command = await load();
  if (args.includes('--help')) {
    out(command.help);
    return EXIT.ok;
  }
  try {
    return await command.run(args, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // It repeats what stands in files and on the command line.
    err(`${error.message.split('\n').map(printable).join('\n')}\n`);
    return EXIT.usage;
  }
}

async function overview(): Promise<string> {
  const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`);
  return `Usage: npx @firestore-push/push COMMAND [options]

Commands:
${lines.join('\n')}

Each has --help. Call them in your Firebase project, or anywhere below it.
`;
}

if (require.main === module) {
  const surroundings: Surroundings = {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isTerminal: process.stdout.isTTY,
  };
  const fail = (error: unknown): void => {
    // Node would end with 1, which says that it looked and found nothing.
    process.exitCode = EXIT.usage;
    surroundings.err(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  };
  // Reads that were under way when another failed are told by Firestore's client to nobody.
  process.on('unhandledRejection', (error) => {
    if (process.exitCode === undefined) fail(error);
  });
  main(process.argv.slice(2), surroundings).then((code) => {
    process.exitCode = code;
  }, fail);
}
