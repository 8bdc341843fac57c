/** Starts the provider's process, and asks it what it was sent. */

import { fork } from 'node:child_process';
import { join } from 'node:path';

/** What a process needs to know to send there; plain data, so that it can be handed on. */
export interface ProviderServer {
  readonly port: number;
  /** The authority to trust, PEM. */
  readonly ca: string;
  /** `http://host:port` of its control interface. */
  readonly control: string;
}

export interface ProviderCounts {
  readonly requests: number;
  /** Distinct ones. */
  readonly addresses: number;
  /** CPU of the provider's process since the last reset. */
  readonly cpuSeconds: number;
}

/** Google's front end allows 100 streams a connection. */
export const FCM_STREAMS = 100;
/** Apple's servers were seen to allow 500 to 1,500. */
export const APNS_STREAMS = 1000;

/** Starts a provider, does the work, ends it. `streams`: how many it allows at once on a connection. */
export async function withProvider<T>(
  streams: number,
  work: (server: ProviderServer) => Promise<T>,
): Promise<T> {
  const child = fork(join(import.meta.dirname, 'server.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const server = await new Promise<ProviderServer>((resolve, reject) => {
      child.once('message', (message: { value?: ProviderServer; error?: string }) => {
        if (message.value === undefined) reject(new Error(message.error));
        else resolve(message.value);
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error('The provider ended before it listened.')));
      child.send({ streams });
    });
    return await work(server);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Forgets what was counted; from now on every answer takes `delayMs`. */
export async function reset({ control }: ProviderServer, delayMs = 0): Promise<void> {
  await fetch(`${control}/reset?delayMs=${delayMs}`, { method: 'POST' });
}

export async function countsOf({ control }: ProviderServer): Promise<ProviderCounts> {
  return (await fetch(`${control}/counts`)).json() as Promise<ProviderCounts>;
}

/** @throws when the provider did not see each address exactly once. */
export async function requireEachOnce(server: ProviderServer, expected: number): Promise<void> {
  const { requests, addresses } = await countsOf(server);
  if (requests !== expected || addresses !== expected) {
    throw new Error(
      `The provider: expected ${expected} requests to as many addresses, got ${requests} to ${addresses}.`,
    );
  }
}
