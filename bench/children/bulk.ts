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
  /** How often it is done; the time is a mean, the memory that of the first time. */
  readonly repeats: number;
}

/** Addresses before the measured ones, until connections are open and V8 has compiled what it will; how many of them go into one call. */
const WARM_UP = { addresses: 10_000, aCall: 500 };
/** Nobody holds 100,000 addresses at once: they come page by page. */
const MOST_A_LIST = 10_000;

answerParent(async (input: BulkInput): Promise<BulkRun> => {
  const { server, peer, addresses, delayMs, repeats } = input;
  redirectTo(server);
  const sender = await openPeer(peer);
  let next = 0;
  let seconds = 0;
  let cpuSeconds = 0;
  const send = async (count: number): Promise<void> => {
    const list = addressList(peer.kind, count, next);
    next += count;
    const cpu = process.cpuUsage();
    const begin = performance.now();
    const answers = await sender.send(list);
    seconds += (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds += (user + system) / 1e6;
    requireRightAnswers(list, answers);
  };
  for (let sent = 0; sent < WARM_UP.addresses; sent += WARM_UP.aCall) await send(WARM_UP.aCall);

  await reset(server, delayMs);
  seconds = 0;
  cpuSeconds = 0;
  settleMemory();
  const idleMiB = residentMiB();
  let extraMiB = 0;
  for (let nth = 0; nth < repeats; nth += 1) {
    for (let left = addresses; left > 0; left -= MOST_A_LIST) {
      await send(Math.min(left, MOST_A_LIST));
    }
    if (nth === 0) extraMiB = peakMiB() - idleMiB;
  }
  const { cpuSeconds: providerCpuSeconds } = await countsOf(server);
  await requireEachOnce(server, addresses * repeats);
  return {
    seconds: seconds / repeats,
    cpuSeconds: cpuSeconds / repeats,
    providerCpuSeconds: providerCpuSeconds / repeats,
    idleMiB,
    extraMiB,
  };
});
