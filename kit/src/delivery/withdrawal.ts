/**
 * How a push that went out is taken from devices: what the ledger keeps for it, whom it has reached, and what withdraws it; pure.
 */
import { DAY_MS } from '../model/durations';
import { isDocumentId } from '../model/document-id';
import type { Draft } from '../model/notification/content';
import type { RecipientSource } from '../model/notification/recipients';
import { shortenedKey } from '../model/notification/shorten';
import { collapseId } from '../providers/apns/aps';
import type { DeliveryDocument, ShownAs } from './delivery-document';
import { UNKNOWN_CODE } from './give-up';
import type { DeliveryOrder } from './order';

/** A device may still show a push whose time to live is over: what withdraws it is tried for this long at least, ms. */
const SHORTEST_LIFE_MS = DAY_MS;

/** What it takes to withdraw a push; undefined where its kind is not withdrawn from devices, or these show nothing that could be. */
export function shownAsOf({ choice, tag, collapseKey, expiresAt, expo, apns }: Draft) {
  if (choice?.withdraw !== 'shown' || apns?.pushType !== undefined) return undefined;
  const shown: ShownAs = {
    tag,
    expiresAt,
    ...(collapseKey === undefined ? {} : { isShared: true }),
    ...(expo === undefined ? {} : { expo }),
    ...(apns?.topic === undefined ? {} : { topic: apns.topic }),
  };
  return shown;
}

/** Of an entry, what tells whether it has reached anybody. */
export type Reached = Pick<DeliveryDocument, 'state' | 'retryAt' | 'attempts' | 'counts'>;

/** The same, and whom. */
type Reaching = Reached & Pick<DeliveryDocument, 'reasons' | 'coverage'>;

/** Whom an entry has reached so far; undefined while it is being sent, when nobody can say. */
export function reachedBy(entry: Reaching): string[] | undefined {
  if (isUnderWay(entry)) return undefined;
  const { reasons, coverage } = entry;
  const inDoubt = isInDoubt(entry);
  const untold = inDoubt && coverage?.kind === 'listed' ? coverage.uids : [];
  return [
    ...Object.entries(reasons)
      .filter(([, reason]) => HAS_IT.test(reason) || (inDoubt && MAY_HAVE_IT.test(reason)))
      .map(([uid]) => uid),
    ...untold.filter((uid) => !Object.hasOwn(reasons, uid)),
  ];
}

/**
 * Where FCM, or a collection, knows who has it: the same source once more, unless nobody has it; undefined while it is being sent.
 *
 * @param shards of a delivery that is left to them. One that waits, for the end of somebody's quiet hours, is not waited for: it finds the
 * document gone when its turn comes.
 */
export function sourceReachedBy(
  entry: Reaching,
  shards: readonly Reached[] = [],
): RecipientSource | 'nobody' | undefined {
  const { coverage } = entry;
  const isLeft = coverage?.kind === 'paged-shards' && isUnderWay(entry);
  if (isLeft && coverage.shards === undefined) return undefined;
  const parts: readonly Reached[] = isLeft ? shards : [entry];
  if (parts.some(isUnderWay)) return undefined;
  if (!parts.some((part) => part.counts.delivered > 0 || isInDoubt(part))) return 'nobody';
  switch (coverage?.kind) {
    case 'topic':
      return { topic: coverage.topic };
    case 'condition':
      return { condition: coverage.condition };
    case 'paged-shards':
      return coverage.where === undefined
        ? { collection: coverage.collection }
        : { everyone: true, where: coverage.where };
    case 'listed':
    case 'hashed-shards':
    case 'range':
    case 'addresses':
    case undefined:
      return 'nobody';
  }
}

const HAS_IT = new RegExp(`^(?:delivered(?!:unchecked)|failed:${UNKNOWN_CODE})`);
/** Where a worker died over it. */
const MAY_HAVE_IT = /^(?:retrying:|withdrawn$)/;

/** Whether somebody is sending it; not where it waits for its next round. */
export function isUnderWay({ state, retryAt }: Pick<Reached, 'state' | 'retryAt'>): boolean {
  return state === 'sending' && retryAt === undefined;
}

/** Whether something may have been sent of which there is no record. */
function isInDoubt({ state, attempts }: Reached): boolean {
  // An entry that waits begins anew, unless it was in doubt before; one that ended was begun at least once.
  return attempts > (state === 'sending' ? 0 : 1);
}

/** What withdraws a push. */
export interface Withdrawal {
  /** Of its own entry. */
  readonly id: string;
  /** Of what it withdraws. */
  readonly withdraws: string;
  readonly type: string;
  /** Path of the document that was deleted. */
  readonly document: string;
  /** When, ms since 1970. */
  readonly deletedAt: number;
  readonly shownAs: ShownAs;
  readonly recipients: RecipientSource;
}

/**
 * The order of a withdrawal: a push that shows nothing, and tells the app what to remove. Whoever got the one gets the other, whatever
 * they have muted since and at whatever time: there is nothing to be disturbed by.
 */
export function withdrawalOf(withdrawal: Withdrawal): DeliveryOrder {
  const { id, withdraws, type, document, deletedAt, recipients } = withdrawal;
  const { tag, isShared, expiresAt, expo, topic } = withdrawal.shownAs;
  const data = { withdraw: tag, ...(isShared ? { withdrawDelivery: withdraws } : {}) };
  const onApple = collapseId(tag);
  const apns = {
    ...(topic === undefined ? {} : { topic }),
    ...(onApple === tag ? {} : { custom: JSON.stringify({ withdraw: onApple }) }),
  };
  return {
    ...{ id, document, eventAt: deletedAt, withdraws, recipients },
    content: {
      ...{ type, deliveryId: id, style: 'data', data, requiredData: Object.keys(data) },
      // Its own: under the other's it could take the place of a newer push that a device has not fetched yet.
      tag: shortenedKey(id),
      // FCM lowers the priority of apps whose urgent messages show nothing.
      priority: 'normal',
      expiresAt: Math.max(expiresAt, deletedAt + SHORTEST_LIFE_MS),
      ...(expo === undefined ? {} : { expo }),
      ...(Object.keys(apns).length === 0 ? {} : { apns }),
      choice: { mandatory: true },
    },
  };
}

/** Ids of users out of what an entry calls people. */
export function usersIn(names: readonly string[]): RecipientSource | 'nobody' {
  const uids = [...new Set(names)].filter(isDocumentId);
  return uids.length === 0 ? 'nobody' : { uids };
}
