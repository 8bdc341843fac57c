/** Judges what becomes of a push whose phone has a new token by the time of its retry. */
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import { fingerprint } from '../../../kit/src/model/address.ts';
import type { Asked } from './asked.ts';
import { MANY_FAILURES, ROOMY } from './entries.ts';
import type { People } from './people.ts';
import type { World } from './world.ts';

const SECOND = 1_000;
/** The shortest wait for a retry: nothing waits for less. */
const SHORTEST_WAIT_MS = 10 * SECOND;

/** A phone whose only touch was a new token, told before it was to be tried again, has rung under that. */
export function judgeRenewed(
  world: World,
  people: People,
  asked: Asked,
  entries: readonly DeliveryDocument[],
): void {
  const { witness, plan, phones, fcm, apns } = world;
  const { deliveryId, addresses, ttlMs } = asked;
  if (!witness.isPunctual || addresses !== undefined || ttlMs !== undefined) return;
  if (plan.setup.isWrongProject === true || plan.setup.maxAddressesPerUser < ROOMY) return;
  for (const { token, uid, from, answeredAt } of people.registry.standings()) {
    const phone = phones.byToken(token);
    const [former, ...others] = phone?.formerTokens ?? [];
    if (from < 0 || phone === undefined || former === undefined || others.length > 0) continue;
    const place = people.phones.indexOf(phone);
    const touches = plan.actions.filter((action) => 'phone' in action && action.phone === place);
    const isRenewed = touches.every((action) => {
      return action.do === 'renew' && action.tells === 'replaces';
    });
    const person = plan.people.findIndex((each) => each.uid === uid);
    if (touches.length !== 1 || !isRenewed || people.touchedPeople.has(person)) continue;
    if (uid === undefined || witness.nights.isUnwanted(uid, asked)) continue;
    if (witness.nights.hasNewer(asked, uid)) continue;
    if ([...fcm.lies, ...apns.lies].some(({ target }) => target === token || target === former)) {
      continue;
    }
    if (!isRenewedInTime(world, asked, { former, uid, from, answeredAt })) continue;
    const { accepted, lasting, requests, untroubled } = witness.pairOf(token, deliveryId);
    if (accepted > 0 || lasting > 0) continue;
    if (requests - untroubled >= MANY_FAILURES) continue;
    // The provider took its time, and the token was dead by then.
    const name = fingerprint(former);
    const answer = entries
      .flatMap(({ answers = [] }) => answers)
      .find((each) => each.device === name);
    if (answer?.outcome === 'unregistered') continue;
    // Apple's refusal of our credential holds for all of a batch.
    if (phone.kind === 'apns' && world.hasCredentialTrouble) continue;
    const words = `${phone.id} of ${uid} told its new token before it was tried again, and was never sent ${deliveryId}`;
    witness.fail('lost', words);
  }
}

/** Whether a phone was to be told under its former token, was not yet, and the new one is told before it is tried again. */
function isRenewedInTime(
  { witness }: World,
  asked: Asked,
  {
    former,
    uid,
    from,
    answeredAt,
  }: {
    readonly former: string;
    readonly uid: string;
    readonly from: number;
    readonly answeredAt: number;
  },
): boolean {
  const before = witness.pairs.get(`${asked.deliveryId} ${former}`);
  const held = witness.nights.heldOf(asked, uid);
  if (held !== undefined) {
    const isNew = from > held.at && answeredAt < held.dueAt - witness.clocksDifferMs;
    return isNew && before === undefined && witness.hadAt(former, uid, held.at);
  }
  const dueAt = (before?.troubledAt ?? 0) + SHORTEST_WAIT_MS - witness.clocksDifferMs;
  if (before?.requests !== 1 || before.untroubled > 0 || answeredAt >= dueAt) return false;
  return before.accepted === 0 && before.lasting === 0;
}
