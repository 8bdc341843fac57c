/** A process that sends to many addresses through one peer, once, and says how long it took and what it needed. */

import { openPeer, type PeerOf } from '../peers/index.ts';
import { requireRightAnswers } from '../peers/peer.ts';
import { peakMiB, residentMiB, settleMemory } from '../memory.ts';
import { addressList } from '../wire/addresses.ts';
import { countsOf, requireEachOnce, reset, type ProviderServer } from '../wire/provider.ts';
import { redirectTo } from '../wire/redirect.ts';
import { answerParent } from '../child.ts';
import type { BulkRun } from '../results.ts';

export interface BulkInput {
  readonly server: ProviderServer;
  readonly peer: PeerOf;
  readonly addresses: number;
  readonly delayMs: number;
}

/** Addresses of the push before the measured one, which opens connections and compiles code. */
const WARM_UP = 200;

answerParent(async ({ server, peer, addresses, delayMs }: BulkInput): Promise<BulkRun> => {
  redirectTo(server);
  const sender = await openPeer(peer);
  const warmUp = addressList(peer.kind, WARM_UP, addresses);
  requireRightAnswers(warmUp, await sender.send(warmUp));

  const list = addressList(peer.kind, addresses);
  await reset(server, delayMs);
  settleMemory();
  const idleMiB = residentMiB();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const answers = await sender.send(list);
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const extraMiB = peakMiB() - idleMiB;
  const { cpuSeconds: providerCpuSeconds } = await countsOf(server);

  requireRightAnswers(list, answers);
  await requireEachOnce(server, addresses);
  return { seconds, cpuSeconds: (user + system) / 1e6, providerCpuSeconds, idleMiB, extraMiB };
});
