/** `npx @firestore-push/push console`: a page on this machine that shows deliveries as they come. It only reads. */
import {
  EXIT,
  readOptions,
  UsageError,
  type Command,
  type ExitCode,
  type Surroundings,
} from '../command';
import {
  chooseDeployment,
  DEPLOYMENT_HELP,
  DEPLOYMENT_OPTIONS,
  placeOf,
  reading,
} from '../deployment';

/** What `npm start` and the guide say, too. */
export const CONSOLE_PORT = 4100;

const HELP = `Usage: npx @firestore-push/push console [options]

Opens a page on this machine that shows deliveries as they come, says why somebody got a push or not, and how it goes as a
whole. It listens on 127.0.0.1 only, and only reads. Ctrl-C ends it.

Options:
${DEPLOYMENT_HELP}  --port N              the port of the page; 0: any that is free; default: ${CONSOLE_PORT}
  --help                this text

It uses the application default credentials (gcloud auth application-default login) and needs roles/datastore.viewer. It reads
only while the page is open: two small queries a second, and each new delivery a few times.

Exit code: 0 after Ctrl-C, 2 if it could not begin.
`;

export const consoleCommand: Command = {
  name: 'console',
  summary: 'Opens a page on this machine that shows deliveries as they come, and why.',
  help: HELP,
  run,
};

async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values } = readOptions(args, { ...DEPLOYMENT_OPTIONS, port: { type: 'string' } });
  const port = portOf(values.port);
  const deployment = chooseDeployment(surroundings, values);
  const { LedgerSource } = await import('./ledger-source.js');
  const { startConsole } = await import('./server.js');
  return reading(surroundings, deployment, async (collections) => {
    const source = new LedgerSource(collections, deployment, Date.now);
    const console = await startConsole(source, { port }).catch((error: unknown) => {
      throw refusedPort(error, port);
    });
    surroundings.out(`Console  ${console.url}\n${placeOf(deployment)}. Ctrl-C ends it.\n`);
    await interrupted();
    process.on('unhandledRejection', expectTerminated);
    await console.close();
    return EXIT.ok;
  });
}

function portOf(given: string | undefined): number {
  if (given === undefined) return CONSOLE_PORT;
  const port = /^\d{1,5}$/.test(given) ? Number(given) : NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port: expected a whole number from 0 to 65535, got "${given}".`);
}

function refusedPort(error: unknown, port: number): unknown {
  const { code } = Object(error) as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EACCES' ? 'may not be used' : 'is taken';
  return new UsageError(
    `Port ${port} ${why}. Choose another with --port N, or any with --port 0.`,
    {
      cause: error,
    },
  );
}

/** Resolves when somebody wants it to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
}

/** What Firestore's client was still trying again by itself ends like this when its connection is closed, and nobody can listen to it. */
function expectTerminated(error: unknown): void {
  if (!(error instanceof Error && /already been terminated/.test(error.message))) throw error;
}
