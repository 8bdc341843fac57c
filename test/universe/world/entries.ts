/** Judges deliveries by what their ledger entries say: what is recorded stays so, what is over is sent no more, what waits has its turn. */
import type { Answer } from '../../../kit/src/delivery/answers.ts';
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import type { Change } from '../firestore/server.ts';
import type { Asked, Pair, Request } from './asked.ts';
import type { Judge } from './broken-promise.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** The product's limits of time for retries, as docs/reasons.md has them: of FCM's, and the longest of Apple's. */
const PATIENCE_MS = { fcm: HOUR, apns: 4 * HOUR };
/** An answer that takes its time, retries that wait for each other, and the queue. */
const LATE_MS = 300 * SECOND;
/** Requests of a step leave within three seconds after its recipients were asked for (`FRESH_MS`), which is a few calls after it began. */
const STEP_BEGINS_MS = 5 * SECOND;
/** Failures of one address after which its hour, or four, may be over. */
export const MANY_FAILURES = 3;
/** Addresses that nobody of a world ever has. */
export const ROOMY = 20;

/** An entry of the ledger was written. */
export function judgeEntry(witness: Judge, { path, before, after }: Change): void {
  const was = before?.fields as Partial<DeliveryDocument> | undefined;
  const is = after?.fields as Partial<DeliveryDocument> | undefined;
  // Notes on events without a delivery have no counts.
  if (was?.counts === undefined) return;
  if (is?.counts === undefined) witness.fail('recorded', `${path} is deleted`);
  const isReopened = !isSameTime(was.reopenedAt, is.reopenedAt);
  if (was.state !== 'sending' && is.state !== was.state && !isReopened) {
    witness.fail('recorded', `${path} was ${was.state}, and is ${is.state}`);
  }
  if (was.errorCode === 'CANCELLED' && is.errorCode !== 'CANCELLED') {
    witness.fail('cancelled', `${path} was cancelled, and is ${is.state} ${is.errorCode}`);
  }
  // Sent again, the whole begins without the sum of its shards.
  if (is.counts.delivered < was.counts.delivered && !isReopened) {
    const words = `${was.counts.delivered}, and says ${is.counts.delivered}`;
    witness.fail('recorded', `${path} said delivered: ${words}`);
  }
  const lost = was.answers === is.answers ? undefined : lostOf(was.answers, is.answers);
  if (lost !== undefined) {
    const words = `that ${lost.device} of ${lost.uid} took it, and says so no more`;
    witness.fail('recorded', `${path} said ${words}`);
  }
}

/** A device that was recorded as reached. Worlds are too small for an entry to have no room for all of them. */
function lostOf(was: readonly Answer[] = [], is: readonly Answer[] = []): Answer | undefined {
  return was.find(({ outcome, uid, device }) => {
    if (outcome !== 'delivered') return false;
    return !is.some((each) => {
      return each.uid === uid && each.device === device && each.outcome === 'delivered';
    });
  });
}

function isSameTime(a: DeliveryDocument['reopenedAt'], b: DeliveryDocument['reopenedAt']): boolean {
  return a?.toMillis() === b?.toMillis();
}

/** A request leaves for an address, of which this was known before. */
export function judgeSend(
  witness: Judge,
  { deliveryId, retries, titles, cancelledAt = Infinity }: Asked,
  { token, requests, owners, firstTroubledAt = Infinity }: Pair,
  { server, title = '' }: Pick<Request, 'server' | 'title'>,
  now: number,
): void {
  if (titles?.includes(title) === false) {
    witness.fail('outbox', `${deliveryId} says ${title}, and is to say ${titles.join(' or ')}`);
  }
  // Times can be told where nothing but a provider is in trouble.
  if (!witness.isPunctual) return;
  const sinceCancelled = now - cancelledAt;
  if (requests === 0 && sinceCancelled > STEP_BEGINS_MS) {
    const words = `${deliveryId} was begun for ${witness.name(token)} ${sinceCancelled} ms after it was cancelled`;
    witness.fail('cancelled', words);
  }
  // Of two of them each has an own time; an operator's begins anew.
  if (owners.size > 1 || retries !== undefined) return;
  const patience = server === 'fcm' ? PATIENCE_MS.fcm : PATIENCE_MS.apns;
  const sinceFailed = now - firstTroubledAt;
  if (sinceFailed > patience + LATE_MS) {
    const words = `${witness.name(token)} was sent ${deliveryId} ${sinceFailed} ms after its first failure`;
    witness.fail('patience', words);
  }
}
