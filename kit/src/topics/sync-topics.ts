/**
 * Brings FCM in line with the topics on a device record, after each write to it: subscribed, unsubscribed, logged out, handed over.
 *
 * Invariant: what is told last is what the record says. Events come in any order and side by side, so an event only says which
 * topics to look at; what is told is read from the record, and the record is read again until it agrees with what was told.
 */
import { addressId, fingerprint } from '../model/address';
import { forEachBounded } from '../model/concurrency';
import type { TopicOutcome } from '../providers/fcm/topics';
import type { PruneResult } from '../devices/device-store';
import type { SubscribedDevice } from './topic-store';

/** A device's record, and when it stood so by Firestore's clock, ms since 1970. */
export type ReadDevice = SubscribedDevice & { readonly readAt: number };

export interface SyncTopicsDeps {
  /** The device as its record stands now. */
  readonly read: (addressId: string) => Promise<ReadDevice | undefined>;
  readonly fcm: { set(address: string, topic: string, subscribed: boolean): Promise<TopicOutcome> };
  readonly devices: {
    prune(uid: string, addresses: readonly string[], sendBegan: number): Promise<PruneResult>;
  };
  readonly log: {
    synced(address: string, subscribed: number, unsubscribed: number): void;
    refused(address: string, topic: string, code: string): void;
    pruned(address: string, code: string): void;
  };
}

/** FCM could not be reached or refused for now: the event has to be repeated. */
export class TopicsBusyError extends Error {
  constructor(address: string, topics: number, code: string) {
    super(
      `${topics} topics of device ${address} could not be passed on to FCM (${code}); try again later.`,
    );
    this.name = 'TopicsBusyError';
  }
}

/** Calls for one device at once: FCM allows 3,000 a second for a whole project. */
const CALLS_AT_ONCE = 10;
/** A record that changes more often than this while it is looked at has events of its own. */
const MAX_LOOKS = 5;

/** The topics that differ between two states of a record; all of them, where the device changed hands. */
export function changedTopics(
  before: SubscribedDevice | undefined,
  after: SubscribedDevice | undefined,
): string[] {
  const old = new Set(before?.topics);
  const present = new Set(after?.topics);
  if (before !== undefined && after !== undefined && before.uid !== after.uid) {
    return [...new Set([...old, ...present])];
  }
  return [...new Set([...old, ...present])].filter(
    (topic) => old.has(topic) !== present.has(topic),
  );
}

/**
 * Handles one write to a device record; costs nothing unless its topics changed.
 *
 * Rejects when FCM or Firestore failed: the event is repeated for 24 hours.
 */
export async function syncTopics(
  before: SubscribedDevice | undefined,
  after: SubscribedDevice | undefined,
  deps: SyncTopicsDeps,
): Promise<void> {
  const address = (after ?? before)?.address;
  // Native APNs tokens have no topics: FCM does not know them.
  if (address === undefined || (after ?? before)?.kind === 'apns') return;
  const changed = changedTopics(before, after);
  if (changed.length === 0) return;
  const told = new Map<string, boolean>();
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const device = await deps.read(addressId(address));
    const wanted = new Set(device?.topics);
    const todo = changed.filter((topic) => told.get(topic) !== wanted.has(topic));
    if (todo.length === 0) break;
    const isDead = await tell(address, device, todo, wanted, deps);
    if (isDead) return;
    for (const topic of todo) told.set(topic, wanted.has(topic));
  }
  const subscribed = [...told.values()].filter(Boolean).length;
  deps.log.synced(fingerprint(address), subscribed, told.size - subscribed);
}

/** Tells FCM, and returns whether the device turned out to be dead. */
async function tell(
  address: string,
  device: ReadDevice | undefined,
  topics: readonly string[],
  wanted: ReadonlySet<string>,
  { fcm, devices, log }: SyncTopicsDeps,
): Promise<boolean> {
  const later: string[] = [];
  let dead: string | undefined;
  await forEachBounded(topics.length, CALLS_AT_ONCE, async (index) => {
    const topic = topics[index] as string;
    const outcome = await fcm.set(address, topic, wanted.has(topic));
    if (outcome.kind === 'later') later.push(outcome.code);
    if (outcome.kind === 'refused') log.refused(fingerprint(address), topic, outcome.code);
    if (outcome.kind === 'dead') dead = outcome.code;
  });
  if (dead !== undefined) {
    if (device !== undefined) {
      await devices.prune(device.uid, [address], device.readAt);
      log.pruned(fingerprint(address), dead);
    }
    return true;
  }
  const [code] = later;
  if (code !== undefined) throw new TopicsBusyError(fingerprint(address), later.length, code);
  return false;
}
