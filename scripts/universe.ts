/**
 * `npm run universe`: plays simulated worlds of the whole engine, each from its seed, and exits 1 if a promise is broken in one of
 * them.
 */
import { bundle } from '../test/universe/soak/bundle.ts';
import { loadWorld, outliveBrokenPromises } from '../test/universe/soak/contract.ts';
import { coverage } from '../test/universe/soak/coverage.ts';
import {
  readUniverseOptions,
  UNIVERSE_HELP,
  UsageError,
  type UniverseOptions,
} from '../test/universe/soak/options.ts';
import { replay } from '../test/universe/soak/replay.ts';
import { soak, type Output } from '../test/universe/soak/soak.ts';
import { runMutants } from '../test/universe/mutants/run.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const isTerminal = process.stdout.isTTY;
const output: Output = {
  print: (line) => print(isTerminal ? `\r\u001b[K${line}` : line),
  // Where lines stay, one a second would be all there is to read.
  progress: (line) => void (isTerminal && process.stdout.write(`\r\u001b[K${line}`)),
};

async function playAgain({
  seed,
  isTraced,
}: Extract<UniverseOptions, { kind: 'replay' }>): Promise<boolean> {
  process.setSourceMapsEnabled(true);
  const world = loadWorld(await bundle());
  const began = performance.now();
  const { report, difference } = await replay(
    world,
    world.planOf(seed),
    isTraced ? print : undefined,
  );
  const { violation, ...numbers } = report;
  print(JSON.stringify(numbers));
  print(`${Math.round(performance.now() - began)} ms for both times`);
  if (violation !== undefined) print(`Broken: ${violation.promise}\n${violation.words}`);
  if (difference !== undefined) print(`The world is not the same twice: ${difference}`);
  return violation === undefined && difference === undefined;
}

function run(options: UniverseOptions, signal: AbortSignal): Promise<boolean> {
  switch (options.kind) {
    case 'help':
      print(UNIVERSE_HELP);
      return Promise.resolve(true);
    case 'soak':
      return soak(options, output, signal);
    case 'replay':
      return playAgain(options);
    case 'coverage':
      return coverage(options, output, signal);
    case 'mutants':
      return runMutants(options.names, output, signal);
  }
}

outliveBrokenPromises();
const interrupted = new AbortController();
process.on('SIGINT', () => {
  // The first ends what is played, and what came of it is told; who cannot wait for that says so again.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
});
try {
  process.exitCode = (await run(readUniverseOptions(process.argv.slice(2)), interrupted.signal))
    ? 0
    : 1;
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${isUsage ? error.message : (error as Error).stack}\n`);
  if (isUsage) process.stderr.write(`${UNIVERSE_HELP}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
// A replay that was interrupted, or a world that does not end, would go on.
process.exit();
