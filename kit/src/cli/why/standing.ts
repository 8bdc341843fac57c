/** Whether a person is among the recipients of a delivery, as far as the ledger and the person's devices tell; pure. */
import { isSpread } from '../../delivery/coverage';
import type { Coverage, DeliveryDocument } from '../../delivery/delivery-document';
import { nameInMap } from '../../model/describe-value';
import { isBefore } from '../../model/document-id';
import { own } from '../../model/own';
import { holds, parseCondition, topicsOf } from '../../model/topic-condition';
import type { DeviceRecord, EventRecord } from './record';

export type Standing =
  /** The ledger says what became of them. */
  | { readonly kind: 'told'; readonly reason: string }
  /** They are among the recipients; their turn has not come, or what came of it is not recorded. */
  | { readonly kind: 'listed' }
  /** Their part of the audience is not begun. */
  | { readonly kind: 'not-begun' }
  /** They are not among the recipients. */
  | { readonly kind: 'absent' }
  /** FCM knows who is subscribed; now their devices are, or are not. */
  | { readonly kind: 'broadcast'; readonly isSubscribed: boolean }
  /** The entry does not say. */
  | { readonly kind: 'unknown' };

/** @param devices the person's own. */
export function standingOf(
  { entry, shard }: Pick<EventRecord, 'entry' | 'shard'>,
  person: string,
  devices: readonly DeviceRecord[],
): Standing {
  if (entry === undefined) return { kind: 'unknown' };
  const inEntry = standingIn(entry, person, devices);
  if (inEntry.kind === 'told' || !isSpread(entry.coverage)) return inEntry;
  if (shard?.document !== undefined) return standingIn(shard.document, person, devices);
  if (entry.state !== 'sending') return { kind: 'unknown' };
  return { kind: 'not-begun' };
}

function standingIn(
  entry: DeliveryDocument,
  person: string,
  devices: readonly DeviceRecord[],
): Standing {
  const reason = reasonIn(entry, person, devices);
  if (reason !== undefined) return { kind: 'told', reason };
  const waiting = entry.pending.find(({ uid }) => uid === person);
  if (waiting !== undefined) return { kind: 'told', reason: `retrying:${waiting.code}` };
  const { coverage } = entry;
  switch (coverage?.kind) {
    case 'listed':
      return { kind: coverage.uids.includes(person) ? 'listed' : 'absent' };
    case 'range':
      return rangeStanding(entry, coverage, person);
    case 'topic':
    case 'condition':
      return { kind: 'broadcast', isSubscribed: isSubscribed(coverage, devices) };
    case 'addresses':
    case 'hashed-shards':
    case 'paged-shards':
      return { kind: 'unknown' };
    case undefined:
      // Only a final entry has none, and it has a reason for everybody whom it names; with none at all it could not be recorded.
      return { kind: Object.keys(entry.reasons).length > 0 ? 'absent' : 'unknown' };
  }
}

/** Of addresses that a push lists, the ledger names some by their fingerprints. */
function reasonIn(
  { reasons }: DeliveryDocument,
  person: string,
  devices: readonly DeviceRecord[],
): string | undefined {
  return [nameInMap(person), ...devices.map(({ fingerprint }) => fingerprint)]
    .map((name) => own(reasons, name))
    .find((reason) => reason !== undefined);
}

function rangeStanding(
  { reached, sent, reasons }: DeliveryDocument,
  { after, until }: Extract<Coverage, { kind: 'range' }>,
  person: string,
): Standing {
  if (!isBefore(after, person) || isBefore(until, person)) return { kind: 'absent' };
  const isReached = sent || (reached !== undefined && !isBefore(reached, person));
  if (!isReached) return { kind: 'listed' };
  // It was their turn, and others have a reason: then the collection did not have them, or its condition left them out.
  return { kind: Object.keys(reasons).length > 0 ? 'absent' : 'unknown' };
}

function isSubscribed(
  coverage: Extract<Coverage, { kind: 'topic' | 'condition' }>,
  devices: readonly DeviceRecord[],
): boolean {
  if (coverage.kind === 'topic') {
    return devices.some(({ topics }) => topics.includes(coverage.topic));
  }
  const condition = conditionIn(coverage.condition);
  if (condition === undefined) return false;
  const isNamed = new Set(topicsOf(condition));
  return devices.some(
    ({ topics }) => topics.some((topic) => isNamed.has(topic)) && holds(condition, new Set(topics)),
  );
}

function conditionIn(text: string) {
  try {
    return parseCondition(text);
  } catch {
    return undefined;
  }
}
