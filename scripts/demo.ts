/** `npm run demo`: two people use an app, and their devices are notified; exits 0 if everything arrived. */

import { join } from 'node:path';

import { story } from './demo/scenario.ts';
import { createTheatre } from './demo/stage.ts';
import { OPTIONS_HELP, readOptions } from './stack/options.ts';
import { paint } from './stack/progress.ts';
import { listenForPushes } from './stack/pushes.ts';
import { inStack, report } from './stack/session.ts';
import type { Session } from './stack/session.ts';
import type { Push } from './stack/pushes.ts';

const HELP = `Usage: npm run demo [-- options]

Starts the simulator and the Firebase emulators, acts as two people would with the Firebase JS SDK, and prints
each push as it arrives at a device. Exits 1, and says which, if one does not arrive.

${OPTIONS_HELP}`;

const root = join(import.meta.dirname, '..');

async function play({ stack, progress, signal }: Session): Promise<number> {
  const url = `http://127.0.0.1:${stack.ports.simulator}`;
  progress.done(`The simulator and the emulators are up. Inbox page: ${url}/`);
  const theatre = createTheatre(stack, url, process.stdout, Math.random);
  const pushes = await listenForPushes(url, signal);
  const received = receiveAll(pushes, (push) => {
    theatre.receive(push);
  });
  try {
    await Promise.race([story(theatre.stage), received]);
    theatre.requireNothingElse();
  } finally {
    await theatre.close();
  }
  process.stdout.write(
    `\n${paint(process.stdout, 'green', 'Done:')} every push arrived where it should, and nowhere else.\n`,
  );
  return 0;
}

/** Never resolves, so that only its failure ends a race. */
async function receiveAll(
  pushes: AsyncIterable<Push>,
  receive: (push: Push) => void,
): Promise<never> {
  for await (const push of pushes) receive(push);
  return new Promise(() => undefined);
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) process.stdout.write(HELP);
  else process.exitCode = await inStack(root, { ...options, build: true }, play);
} catch (error) {
  report(error);
  process.exitCode = 1;
}
