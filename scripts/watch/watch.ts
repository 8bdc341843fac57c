/** Watches the project's sources, settings and rules, and makes the running stack take each edit; data stays. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { StackError } from '../stack/error.ts';
import { paint } from '../stack/progress.ts';
import { regionOfFunctions } from '../stack/region.ts';
import { printableLines } from '../terminal/printable.ts';
import { bundleFunctions } from './bundle.ts';
import { loadRules, reloadFunctions } from './emulators.ts';
import { watchFiles } from './files.ts';
import type { FirebaseConfig } from '../stack/project.ts';
import type { Stack } from '../stack/stack.ts';
import type { Checked, TypeCheckerData } from './type-checker.ts';

/** Settings, as the emulator reads them: `.env`, `.env.<project>` and `.env.local`. */
const SETTINGS = /^\.env(\.|$)/;

export interface WatchOptions {
  root: string;
  stack: Stack;
  /** Where it is told what was reloaded and what was not. */
  output: NodeJS.WriteStream;
  /** Ends it. */
  signal: AbortSignal;
}

/** Begins to watch; what is wrong with an edit is printed, and the functions go on as they were. */
export async function watchProject({ root, stack, output, signal }: WatchOptions): Promise<void> {
  const say = (text: string): void => void output.write(`${text}\n`);
  const done = (text: string): void => {
    say(`${paint(output, 'green', '✔')} ${text}`);
  };
  const failed = (text: string, why: string): void => {
    say(`${why.trimEnd()}\n${paint(output, 'red', '✘')} ${text}`);
  };
  const colours = paint(output, 'red', '.') !== '.';

  /** One after the other, so that none reads what another is writing. */
  let last = Promise.resolve();
  const inTurn = (what: string, stays: string, work: () => Promise<void>): void => {
    last = last.then(work).catch((error: unknown) => {
      if (signal.aborted) return;
      const why = error instanceof StackError ? error.message : String(error);
      failed(`${what}: not reloaded. ${stays}`, printableLines(why));
    });
  };

  if (stack.parts.includes('functions')) watchFunctions();
  if (stack.parts.includes('firestore')) await watchRules();

  function watchFunctions(): void {
    const STAYS = 'The functions go on as they were.';
    let isFirst = true;
    /** Whether the last edit was not reloaded, so that its repair is told even where nothing has to be loaded. */
    let isBehind = false;
    const onThreadLost = (error: unknown): void =>
      failed(
        'Types are not checked any more, and edits are not reloaded: start again.',
        String(error),
      );
    checkTypes(root, colours, signal, onThreadLost, ({ errors, errorCount, edited, since }) => {
      if (isFirst) done('Watching functions/ and kit/: an edit is reloaded.');
      isFirst = false;
      if (errorCount > 0) {
        const count = errorCount === 1 ? '1 error' : `${errorCount} errors`;
        isBehind = true;
        failed(`Not reloaded: ${count}. ${STAYS}`, errors);
        return;
      }
      inTurn(edited ?? 'functions/', STAYS, async () => {
        const bundle = await bundleFunctions(root, colours, signal);
        if (!bundle.changed) {
          if (isBehind) done('In order again: the functions that run are those of your files.');
          isBehind = false;
          return;
        }
        await reloadFunctions(stack).catch(async (error: unknown) => {
          isBehind = true;
          // Instances that start from now on are to be like those that run.
          await bundle.undo();
          throw error;
        });
        isBehind = false;
        done(`Reloaded in ${Date.now() - since} ms${edited === undefined ? '' : `: ${edited}`}`);
      });
    });

    const isSettings = (name: string): boolean => SETTINGS.test(name);
    const onSettings = (name: string): void => {
      const file = `functions/${name}`;
      const since = Date.now();
      inTurn(file, STAYS, async () => {
        await reloadFunctions(stack);
        done(`Reloaded in ${Date.now() - since} ms: ${file}`);
        const region = await regionOfFunctions(root);
        if (region !== stack.env.FUNCTIONS_REGION) {
          say(
            `${paint(output, 'yellow', '!')} Functions move to ${region} when you restart: Ctrl-C, then npm start.`,
          );
        }
      });
    };
    watchFiles({
      folder: join(root, 'functions'),
      isWatched: isSettings,
      onEdit: onSettings,
      onError: (name, error) => failed(`functions/${name}: not reloaded. ${STAYS}`, String(error)),
      signal,
    });
  }

  async function watchRules(): Promise<void> {
    const text = await readFile(join(root, 'firebase.json'), 'utf8');
    const { firestore } = JSON.parse(text) as FirebaseConfig;
    const file = firestore?.rules;
    if (file === undefined) return;
    const STAYS = 'The rules stay as they were.';
    const isRules = (name: string): boolean => name === file;
    const onRules = (_: string, content: string): void => {
      const since = Date.now();
      inTurn(file, STAYS, async () => {
        await loadRules(stack, file, content);
        done(`Reloaded in ${Date.now() - since} ms: ${file}`);
      });
    };
    watchFiles({
      folder: root,
      isWatched: isRules,
      onEdit: onRules,
      onError: (_, error) => failed(`${file}: not reloaded. ${STAYS}`, String(error)),
      signal,
    });
  }
}

/** Types are checked in a thread of its own, which ends with this process or with the signal. */
function checkTypes(
  root: string,
  colours: boolean,
  signal: AbortSignal,
  onError: (error: unknown) => void,
  onChecked: (checked: Checked) => void,
): void {
  const data: TypeCheckerData = { config: join(root, 'functions/tsconfig.json'), root, colours };
  const thread = new Worker(new URL('./type-checker.ts', import.meta.url), { workerData: data });
  thread.on('message', onChecked);
  // One that is ended while it begins may fail of that.
  thread.on('error', (error) => {
    if (!signal.aborted) onError(error);
  });
  signal.addEventListener('abort', () => void thread.terminate());
}
