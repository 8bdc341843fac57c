/** The command line: starts a simulator, says where it listens, stops on SIGINT and SIGTERM. */
import { parseArgs } from 'node:util';
import { createSimulator, type SimulatorOptions } from './index.ts';
import { seededRandom } from './seeded-random.ts';

const USAGE = `Usage: node simulator/src/cli.ts [options]

  --port <n>             port to listen on (default 9110; 0: a free one)
  --host <address>       address to listen on (default 127.0.0.1)
  --project <id>         accept sends for this project only; may be given more than once
  --strict-devices       refuse addresses nobody declared, as UNREGISTERED
  --seed <n>             make faults with a rate strike the same requests in every run
  --request-log <n>      requests to keep (default 20000)
  --help                 this text
`;

const DEFAULT_PORT = 9110;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      project: { type: 'string', multiple: true },
      'strict-devices': { type: 'boolean' },
      seed: { type: 'string' },
      'request-log': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const port = wholeNumber('--port', values.port) ?? DEFAULT_PORT;
  const seed = wholeNumber('--seed', values.seed);
  const requestLogSize = wholeNumber('--request-log', values['request-log']);
  const options: SimulatorOptions = {
    port,
    ...(values.host !== undefined && { host: values.host }),
    ...(values.project !== undefined && { projects: values.project }),
    strictDevices: values['strict-devices'] === true,
    ...(seed !== undefined && { random: seededRandom(seed) }),
    ...(requestLogSize !== undefined && { requestLogSize }),
  };
  const simulator = await createSimulator(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Expected port ${port} to be free, but something listens there. ` +
        'Stop it, or choose another with --port.',
    );
  });
  process.stdout.write(`Simulator: FCM and inbox page on ${simulator.url}\n`);
  const stop = () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    simulator.close().catch(fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`Expected ${option} to be a whole number, got "${text}".`);
  }
  return Number(text);
}

function fail(error: unknown): void {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

main().catch(fail);
