/**
 * Looks at the emulators instead of at Google: what the Functions emulator has loaded, Firestore's REST API, and the simulator of FCM.
 */
import { own } from '../../model/own';
import type { FirebaseConfig } from '../installation';
import type { EmulatorFacts } from './facts';
import type { LocalFacts } from './read-cloud';
import { readLedger } from './read-ledger';
import { known, unreachable, whyOf, type Reading } from './reading';
import { SHAPES, shaped } from './shapes';

type Environment = Readonly<Record<string, string | undefined>>;

const WITHIN_MS = 10_000;
const FUNCTIONS_PORT = 5001;

/** `host:port` of each. */
export interface EmulatorAddresses {
  readonly hub: string;
  readonly firestore: string;
  readonly functions: string;
  readonly simulator: string;
}

/** By the environment, as in `firebase emulators:exec`; else by `firebase.json`; else the standard ports. */
export function emulatorAddresses(
  env: Environment,
  { emulators }: FirebaseConfig,
): EmulatorAddresses {
  const declared = (name: string, port: number) =>
    addressIn(own(emulators, name), port) ?? `127.0.0.1:${port}`;
  return {
    hub: env['FIREBASE_EMULATOR_HUB'] || declared('hub', 4400),
    firestore: env['FIRESTORE_EMULATOR_HOST'] || declared('firestore', 8080),
    functions: env['FUNCTIONS_EMULATOR_HOST'] || declared('functions', FUNCTIONS_PORT),
    simulator: env['FCM_EMULATOR_HOST'] || '127.0.0.1:9110',
  };
}

/** Of `firebase.json`, or of the hub's answer; undefined where neither host nor port is there. */
function addressIn(entry: unknown, otherwise: number): string | undefined {
  const host = own(entry, 'host');
  const port = own(entry, 'port');
  if (typeof host !== 'string' && typeof port !== 'number') return undefined;
  const name = typeof host === 'string' ? host : '127.0.0.1';
  return `${name.includes(':') ? `[${name}]` : name}:${typeof port === 'number' ? port : otherwise}`;
}

export async function readEmulators(
  addresses: EmulatorAddresses,
  { projectId, installation, now }: LocalFacts,
): Promise<EmulatorFacts> {
  const database = `projects/${encodeURIComponent(projectId)}/databases/${encodeURIComponent(installation.names.database)}`;
  const [functions, ledger, simulator] = await Promise.all([
    readFunctions(addresses),
    readLedger({
      ask: (path, body) => answerAt(addresses.firestore, path, body),
      database,
      names: installation.names,
      now,
    }),
    isThere(addresses.simulator),
  ]);
  return {
    kind: 'emulators',
    functions,
    ledger,
    simulator: { address: addresses.simulator, reading: simulator },
  };
}

async function readFunctions({ hub, functions }: EmulatorAddresses) {
  // The hub knows where the others are, also where they took free ports.
  const emulators = await answerAt(hub, '/emulators');
  const entry = emulators.kind === 'known' ? own(emulators.value, 'functions') : undefined;
  const address = addressIn(entry, FUNCTIONS_PORT) ?? functions;
  return shaped(SHAPES.emulatedFunctions, address, await answerAt(address, '/backends'));
}

async function answerAt(address: string, path: string, body?: object): Promise<Reading<unknown>> {
  try {
    const response = await fetch(`http://${address}${path}`, {
      // Firestore's emulator takes this for whoever may do everything.
      headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    if (!response.ok) return unreachable(`${address} answered ${response.status}`);
    return known(await response.json());
  } catch (error) {
    return unreachable(`${address}: ${whyOf(error, WITHIN_MS)}`);
  }
}

/** Any answer will do. */
async function isThere(address: string): Promise<Reading<true>> {
  try {
    const response = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(WITHIN_MS) });
    await response.body?.cancel();
    return known(true);
  } catch (error) {
    return unreachable(`${address}: ${whyOf(error, WITHIN_MS)}`);
  }
}
