/**
 * What an entry says of whoever caused it, and of what counts as the same; pure.
 */
import { createHash } from 'node:crypto';
import type { Limits } from '../decision/limits';
import type { Once } from '../model/notification/choice';
import type { RecipientSource } from '../model/notification/recipients';
import type { SenderFields } from './delivery-document';
import type { DeliveryOrder } from './order';

/** Nobody but FCM knows how many are subscribed to a topic: each push to one counts as so many people. */
const TOPIC_SIZE = 50;

/** Recipients that have to be counted: all documents of a collection, or those that a filter accepts. */
export type Countable = Extract<
  RecipientSource,
  { readonly collection: string } | { readonly everyone: true }
>;

/** How many recipients are counted: beyond the budgets it does not matter. 0: none. */
export function countUpTo({ perMinute, perDay }: Limits): number {
  return perMinute === 0 && perDay === 0 ? 0 : Math.max(perMinute, perDay) + 1;
}

/**
 * What limits an event; undefined where nothing does: no actor and nothing that it could repeat, or nobody to tell.
 *
 * @param count counts the recipients of a collection, up to a number.
 */
export async function senderOf(
  { limited, content: { type }, document, actor, recipients }: DeliveryOrder,
  limits: Limits,
  count: (of: Countable, upTo: number) => Promise<number>,
): Promise<SenderFields | undefined> {
  if (limited === undefined) return undefined;
  const upTo = countUpTo(limits);
  const isCounted = actor !== undefined && upTo > 0;
  const key = limits.repeatMs === 0 ? undefined : onceKey(limited.once);
  if (!isCounted && key === undefined) return undefined;
  const size = isCounted ? await sizeOf(recipients) : 0;
  if (isCounted && size === 0) return undefined;
  return {
    size,
    ...(isCounted ? { actor } : {}),
    ...(key === undefined ? {} : { once: key }),
  };

  async function sizeOf(source: RecipientSource): Promise<number> {
    if ('uids' in source) return source.uids.filter((uid) => uid !== actor).length;
    if ('topic' in source || 'condition' in source) return TOPIC_SIZE;
    return 'addresses' in source ? 0 : count(source, upTo);
  }

  /** Without an actor, events of one actor are not known. */
  function onceKey(once: Once): string | undefined {
    if (once === 'event') return undefined;
    if (once === 'actor' && actor !== undefined) {
      return hashOf(['actor', type, actor, whom(recipients)]);
    }
    return document === undefined ? undefined : hashOf(['document', type, document]);
  }
}

/** Recipients, the same in whatever order they are named. */
function whom(source: RecipientSource): unknown {
  return 'uids' in source ? [...source.uids].sort() : source;
}

function hashOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
