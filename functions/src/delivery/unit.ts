/**
 * One unit of delivery: the recipients of one ledger entry, sent to once, then again where that is still to be done.
 */
import { fingerprint } from '../providers/address';
import type { Draft } from '../providers/content';
import type { Outcome } from '../providers/outcome';
import type { HeldEntry } from '../store/ledger-entry';
import {
  sumCounts,
  type Counts,
  type DeliveryDocument,
  type PendingAddress,
} from '../store/schema';
import type { RecipientRecord } from '../store/users';
import { resolve, type Resolved, type Target } from './audience';
import type { EngineDeps } from './deps';
import { pruneDead } from './prune';
import { sendLocalised } from './sender';
import { mergeReasons, settle, type Result } from './settle';

/** A push may be begun this long after its end, ms: with a time to live of 0, now or never, its end is the event itself. */
const LATEST_BEGIN_MS = 60_000;
/** Addresses that one entry can keep for a retry: each takes about 130 bytes of Firestore's 1 MiB. */
const MAX_PENDING = 7_000;

/** Sends to the entry's recipients, whose records these are, and records how it went. */
export async function sendFirst(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  records: readonly RecipientRecord[],
): Promise<void> {
  const resolved = resolve(records, content.type, entry.document.actor);
  await sendToTargets(deps, entry, content, resolved, records.length);
}

/** Sends to targets that are known already, and records how it went. */
export async function sendToTargets(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  { targets, withoutTarget }: Resolved,
  recipients: number,
): Promise<void> {
  const results = await send(deps, entry.id, content, targets);
  const without = [...withoutTarget.values()];
  const unreachable = without.filter((why) => why === 'no-address' || why === 'no-user').length;
  await record(deps, entry, content, results, {
    counts: {
      recipients,
      addresses: targets.length,
      unreachable,
      skipped: without.length - unreachable,
    },
    reasons: Object.fromEntries(withoutTarget),
    pending: [],
  });
}

/** Tries again what is due, for whoever still has the address; what is not due yet keeps waiting. */
export async function retryPending(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  targetsNow = (due: readonly PendingAddress[]) => targetsOf(deps, content.type, due),
): Promise<void> {
  const now = deps.clock.now();
  const { pending } = entry.document;
  const due = pending.filter(({ dueAt }) => dueAt <= now);
  const targets = await targetsNow(due);
  const wanted = new Map(due.map((address) => [`${address.uid}/${address.fingerprint}`, address]));
  const still = targets.filter(({ uid, address }) =>
    wanted.delete(`${uid}/${fingerprint(address)}`),
  );
  const results = await send(deps, entry.id, content, still);
  // Logged out, moved to another owner, or pruned by another delivery meanwhile: not theirs any more.
  const gone = [...wanted.values()];
  await record(deps, entry, content, results, {
    counts: { unregistered: gone.length },
    reasons: Object.fromEntries(gone.map(({ uid }) => [uid, 'gone'])),
    pending: pending.filter(({ dueAt }) => dueAt > now),
  });
}

async function targetsOf(
  { users }: EngineDeps,
  type: string,
  due: readonly PendingAddress[],
): Promise<readonly Target[]> {
  const uids = [...new Set(due.map(({ uid }) => uid))];
  return resolve(await users.read(uids), type, undefined).targets;
}

/** How an entry ends that is given up: whoever was still to be tried again has failed. */
export function abandon({
  counts,
  reasons,
  pending,
}: DeliveryDocument): Pick<DeliveryDocument, 'counts' | 'reasons'> {
  return {
    counts: sumCounts([counts, { failed: pending.length }]),
    reasons: mergeReasons(
      reasons,
      Object.fromEntries(pending.map(({ uid, code }) => [uid, `failed:${code}`])),
    ),
  };
}

async function send(
  deps: EngineDeps,
  id: string,
  content: Draft,
  targets: readonly Target[],
): Promise<Result[]> {
  const { providers, localiser, clock, devices, log } = deps;
  const sendBegan = clock.now();
  if (sendBegan > content.expiresAt + LATEST_BEGIN_MS) {
    // Settled as expired: a retry of this would come even later.
    return targets.map((target) => ({ ...target, outcome: TOO_LATE }));
  }
  const outcomes = await sendLocalised(providers, localiser, content, targets);
  const results = targets.map((target, index) => ({
    ...target,
    outcome: outcomes[index] as Result['outcome'],
  }));
  const failed = outcomes.find((outcome) => outcome.kind === 'failed');
  if (failed !== undefined) log.configurationRefused(id, failed);
  const rejected = outcomes.find((outcome) => outcome.kind === 'rejected');
  if (rejected !== undefined) log.rejected(id, rejected);
  if (content.validateOnly === true)
    return results.map((result) => ({ ...result, prune: 'dry-run' }));
  return pruneDead(results, sendBegan, devices, {
    breakerTripped: (dead, sent) => log.breakerTripped(id, dead, sent),
    pruneFailed: (error) => log.pruneFailed(id, error),
    pruned: (addresses, kept) => log.pruned(id, addresses, kept),
  });
}

const TOO_LATE: Outcome = { kind: 'retry', code: 'TOO_LATE', cause: 'unprocessed' };

/** What is known of a round besides the results of its addresses. */
interface Besides {
  readonly counts: Partial<Counts>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly pending: readonly PendingAddress[];
}

/** Records one round, and has what is to be tried again enqueued. */
export async function record(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  results: readonly Result[],
  besides: Besides,
): Promise<void> {
  const { clock, random, ledger, tasks, log } = deps;
  const { id, document } = entry;
  const settled = settle(results, {
    earlier: new Map(document.pending.map((address) => [address.fingerprint, address])),
    now: clock.now(),
    expiresAt: content.expiresAt,
    random,
    maxPending: MAX_PENDING - besides.pending.length,
  });
  const counts = sumCounts([document.counts, besides.counts, settled.counts]);
  const reasons = mergeReasons(document.reasons, { ...besides.reasons, ...settled.reasons });
  const pending = [...besides.pending, ...settled.pending];
  if (pending.length === 0) {
    await ledger.finish(entry, { counts, reasons });
    log.finished(id, content.type, counts);
    return;
  }
  const retryAt = Math.min(...pending.map(({ dueAt }) => dueAt));
  // Recorded before it is enqueued: if we stop in between, the sweep finds the entry overdue.
  const round = await ledger.wait(entry, { counts, reasons, pending, retryAt });
  await tasks.enqueue({ kind: 'retry', delivery: id, round, dueAt: retryAt }, retryAt);
  log.retryScheduled(id, pending.length, retryAt);
}
