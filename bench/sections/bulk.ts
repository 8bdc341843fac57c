/** Sections 2 and 3: throughput and memory to many addresses, through FCM and APNs; each run in a process of its own. */

import { join } from 'node:path';
import { INSTANCE_HEAP, runChild } from '../child.ts';
import { APNS_PEERS, FCM_PEERS, type PeerOf } from '../peers/index.ts';
import { APNS_STREAMS, FCM_STREAMS, withProvider, type ProviderServer } from '../wire/provider.ts';
import { mediansOf, rotated } from '../statistics.ts';
import type { BulkInput } from '../children/bulk.ts';
import type { BulkRow, BulkRun, Heap } from '../results.ts';

const CHILD = join(import.meta.dirname, '../children/bulk.ts');
/** Far above what any peer that can do the work needs; some hang. */
const TIMEOUT_MS = 120_000;
/** An error names what happened in its first words; a table has no room for more. */
const FAILURE_LENGTH = 160;

const PART = 500;
const IN_PARTS = `${PART} a call`;

interface BulkCase {
  readonly addresses: number;
  readonly delayMs: number;
  /** Processes of each peer. */
  readonly rounds: number;
  /** How often each does it; default: once. */
  readonly repeats?: number;
  /** Default: that of a deployed instance. */
  readonly heap?: Heap;
}

const FCM_CASES: readonly BulkCase[] = [
  { addresses: 500, delayMs: 0, rounds: 5, repeats: 10 },
  { addresses: 10_000, delayMs: 0, rounds: 5 },
  { addresses: 10_000, delayMs: 30, rounds: 3 },
  { addresses: 100_000, delayMs: 0, rounds: 3 },
  { addresses: 100_000, delayMs: 0, rounds: 1, heap: 'unlimited' },
];
const APNS_CASES: readonly BulkCase[] = [
  { addresses: 1, delayMs: 0, rounds: 5, repeats: 500 },
  { addresses: 500, delayMs: 0, rounds: 5, repeats: 10 },
  { addresses: 10_000, delayMs: 0, rounds: 3 },
  { addresses: 100_000, delayMs: 0, rounds: 1 },
];
const QUICK_CASES: readonly BulkCase[] = [
  { addresses: 500, delayMs: 0, rounds: 1 },
  { addresses: 5_000, delayMs: 0, rounds: 1 },
];

export type Announce = (step: string) => void;

export function measureThroughput(quick: boolean, announce: Announce): Promise<BulkRow[]> {
  const peers = FCM_PEERS.map((name): PeerOf => ({ kind: 'fcm', name }));
  return measureAll(FCM_STREAMS, peers, quick ? QUICK_CASES : FCM_CASES, announce);
}

export function measureApns(quick: boolean, announce: Announce): Promise<BulkRow[]> {
  const peers = APNS_PEERS.map((name): PeerOf => ({ kind: 'apns', name }));
  return measureAll(APNS_STREAMS, peers, quick ? QUICK_CASES : APNS_CASES, announce);
}

function measureAll(
  streams: number,
  peers: readonly PeerOf[],
  cases: readonly BulkCase[],
  announce: Announce,
): Promise<BulkRow[]> {
  return withProvider(streams, async (server) => {
    const rows: BulkRow[] = [];
    for (const one of cases) rows.push(...(await measureCase(server, peers, one, announce)));
    return rows;
  });
}

async function measureCase(
  server: ProviderServer,
  peers: readonly PeerOf[],
  { addresses, delayMs, rounds, repeats = 1, heap = 'instance' }: BulkCase,
  announce: Announce,
): Promise<BulkRow[]> {
  // Up to there, parts of 500 are the whole.
  const able = peers.filter(({ name }) => addresses > PART || !name.endsWith(IN_PARTS));
  const runs = new Map<PeerOf, BulkRun[]>(able.map((peer) => [peer, []]));
  const failures = new Map<PeerOf, string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of rotated(able, round)) {
      // What it cannot do once it need not try again: some take minutes to fail.
      if (failures.has(peer)) continue;
      announce(`${peer.kind}: ${addresses} addresses, ${peer.name}, round ${round + 1}/${rounds}`);
      try {
        const input: BulkInput = { server, peer, addresses, delayMs, repeats };
        const execArgv = ['--expose-gc', ...(heap === 'instance' ? INSTANCE_HEAP : [])];
        const options = { execArgv, timeoutMs: TIMEOUT_MS };
        runs.get(peer)?.push(await runChild<BulkInput, BulkRun>(CHILD, input, options));
      } catch (error) {
        failures.set(peer, inShort(error));
      }
    }
  }
  return able.map((peer) => {
    const failure = failures.get(peer);
    const row = { peer: peer.name, delayMs, addresses, heap };
    if (failure !== undefined) return { ...row, failure };
    return { ...row, run: mediansOf<keyof BulkRun>(runs.get(peer) ?? []) };
  });
}

function inShort(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  const [line = ''] = words.replace(/^Error: /, '').split('\n');
  return line.slice(0, FAILURE_LENGTH);
}
