/** The command line: starts a simulator, says where it listens, stops on SIGINT and SIGTERM. */
import { parseArgs } from 'node:util';
import { type ApnsEnvironment, createSimulator, type SimulatorOptions } from './index.ts';
import { seededRandom } from './seeded-random.ts';

const USAGE = `Usage: node simulator/src/cli.ts [options]

  --port <n>             port to listen on (default 9110; 0: a free one)
  --apns-port <n>        port of the APNs side (default 9111; a free one if --port is not 9110)
  --host <address>       address to listen on (default 127.0.0.1)
  --apns-streams <n>     streams an APNs client may open before its provider token has been accepted (default 1)
  --project <id>         accept sends for this project only; may be given more than once
  --strict-devices       refuse undeclared addresses, as UNREGISTERED or BadDeviceToken
  --apns-environment <e> production (default) or sandbox, for pushes that name none of Apple's hosts
  --seed <n>             make faults with a rate strike the same requests in every run
  --request-log <n>      requests to keep (default 20000)
  --help                 this text
`;

const DEFAULT_PORT = 9110;
const DEFAULT_APNS_PORT = 9111;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'apns-port': { type: 'string' },
      'apns-environment': { type: 'string' },
      'apns-streams': { type: 'string' },
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
  // Two simulators on ports of their own must not meet at the one default.
  const apnsPort =
    wholeNumber('--apns-port', values['apns-port']) ??
    (port === DEFAULT_PORT ? DEFAULT_APNS_PORT : 0);
  const apnsStreams = wholeNumber('--apns-streams', values['apns-streams']);
  const seed = wholeNumber('--seed', values.seed);
  const requestLogSize = wholeNumber('--request-log', values['request-log']);
  const options: SimulatorOptions = {
    port,
    apnsPort,
    apns: {
      environment: environmentIn(values['apns-environment']),
      ...(apnsStreams !== undefined && { initialStreams: apnsStreams }),
    },
    ...(values.host !== undefined && { host: values.host }),
    ...(values.project !== undefined && { projects: values.project }),
    strictDevices: values['strict-devices'] === true,
    ...(seed !== undefined && { random: seededRandom(seed) }),
    ...(requestLogSize !== undefined && { requestLogSize }),
  };
  const simulator = await createSimulator(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    const { port: taken } = error as { port?: number };
    throw new Error(
      `Expected port ${taken} to be free, but something is listening there. ` +
        `Stop it, or choose another with ${taken === port ? '--port' : '--apns-port'}.`,
    );
  });
  process.stdout.write(
    `Simulator: FCM and inbox page on ${simulator.url}, APNs on ${simulator.apnsEmulatorHost}\n`,
  );
  const stop = () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    simulator.close().catch(fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function environmentIn(text = 'production'): ApnsEnvironment {
  if (text === 'production' || text === 'sandbox') return text;
  throw new Error(`Expected --apns-environment to be production or sandbox, got "${text}".`);
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
