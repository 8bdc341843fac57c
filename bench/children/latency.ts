/** One process, all FCM peers by turns: how long one event takes, and how much CPU. */

import { FCM_PEERS, openPeer } from '../peers/index.ts';
import { requireRightAnswers, type Peer } from '../peers/peer.ts';
import { addressList } from '../wire/addresses.ts';
import { requireEachOnce, reset, type ProviderServer } from '../wire/provider.ts';
import { redirectTo } from '../wire/redirect.ts';
import { median, rotated } from '../statistics.ts';
import { answerParent } from '../child.ts';
import type { FcmPeerName, LatencyRow } from '../results.ts';

export interface LatencyInput {
  readonly server: ProviderServer;
  readonly cases: readonly LatencyCase[];
  /** Rounds before the first case. */
  readonly compileRounds: number;
}

export interface LatencyCase {
  readonly delayMs: number;
  readonly addresses: number;
  readonly rounds: number;
  /** Events of each peer in a round, one after the other. */
  readonly events: number;
}

/** Not measured: before the first case code is compiled, before every other one only the delay is new. */
const COMPILE = { addresses: 10, events: 10 };
const WARM_UP_ROUNDS = 2;
/** Closing a session goes on after the call; its CPU belongs to the event. */
const REST_MS = 20;

interface Samples {
  readonly latencies: number[];
  /** Mean of each round. */
  readonly cpus: number[];
}

let nextAddress = 0;

answerParent(async ({ server, cases, compileRounds }: LatencyInput): Promise<LatencyRow[]> => {
  redirectTo(server);
  const peers = new Map<FcmPeerName, Peer>();
  for (const name of FCM_PEERS) peers.set(name, await openPeer({ kind: 'fcm', name }));
  for (let round = 0; round < compileRounds; round += 1) {
    for (const peer of peers.values()) await playRound(peer, COMPILE.addresses, COMPILE.events);
  }
  const rows: LatencyRow[] = [];
  for (const one of cases) rows.push(...(await measure(server, peers, one)));
  return rows;
});

async function measure(
  server: ProviderServer,
  peers: ReadonlyMap<FcmPeerName, Peer>,
  { delayMs, addresses, rounds, events }: LatencyCase,
): Promise<LatencyRow[]> {
  await reset(server, delayMs);
  const first = nextAddress;
  const samples = new Map<FcmPeerName, Samples>(
    FCM_PEERS.map((name) => [name, { latencies: [], cpus: [] }]),
  );
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const name of rotated(FCM_PEERS, round + WARM_UP_ROUNDS)) {
      const { latencies, cpu } = await playRound(peers.get(name) as Peer, addresses, events);
      if (round < 0) continue;
      samples.get(name)?.latencies.push(...latencies);
      samples.get(name)?.cpus.push(cpu);
    }
  }
  await requireEachOnce(server, nextAddress - first);
  return FCM_PEERS.map((peer) => {
    const { latencies, cpus } = samples.get(peer) as Samples;
    return { peer, delayMs, addresses, latencyMs: median(latencies), cpuMs: median(cpus) };
  });
}

async function playRound(
  peer: Peer,
  addresses: number,
  events: number,
): Promise<{ latencies: number[]; cpu: number }> {
  const lists = Array.from({ length: events }, () => {
    // Every other address of an event is dead, so that an answer in the wrong place is seen.
    const list = addressList('fcm', addresses, nextAddress, 2);
    nextAddress += addresses;
    return list;
  });
  const latencies: number[] = [];
  const answers: Awaited<ReturnType<Peer['send']>>[] = [];
  const before = process.cpuUsage();
  for (const list of lists) {
    const begin = performance.now();
    answers.push(await peer.send(list));
    latencies.push(performance.now() - begin);
  }
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const { user, system } = process.cpuUsage(before);
  lists.forEach((list, index) => requireRightAnswers(list, answers[index] ?? []));
  return { latencies, cpu: (user + system) / 1000 / events };
}
