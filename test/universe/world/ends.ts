/** Judges a world that has come to rest: everything that was asked for has come to its end, and the end is right. */
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import { fingerprint } from '../../../kit/src/model/address.ts';
import { leakIn } from '../providers/leaks.ts';
import type { Phone } from '../providers/phones.ts';
import { MANY_FAILURES, ROOMY } from './entries.ts';
import { judgeReason } from './mornings.ts';
import { judgeRenewed } from './renewed.ts';
import type { People } from './people.ts';
import { judgeDevices } from './standing.ts';
import type { World } from './world.ts';
import type { Asked } from './asked.ts';

/** Instances that die over one step before it is left, as the engine has it. */
const MAX_RESENDS = 5;

const FINAL_PUSH_STATES: ReadonlySet<unknown> = new Set(['sent', 'partial', 'failed', 'cancelled']);

/** @throws {BrokenPromise} for the first that is not kept. */
export function judgeEnd(world: World, people: People): void {
  judgeWire(world);
  // What the platform gave up after a day of failures is lost to everybody.
  if (world.givenUp > 0) return;
  for (const asked of world.witness.asked.values()) judgeDelivery(world, people, asked);
  judgeDevices(world, people);
  judgeSecrets(world);
  judgeReads(world);
}

function judgeWire({ fcm, apns, witness }: World): void {
  const [fault] = [...fcm.schemaFaults, ...apns.schemaFaults];
  if (fault !== undefined) witness.fail('wire', fault.fault);
}

function judgeDelivery(world: World, people: People, asked: Asked): void {
  const { witness, server } = world;
  const { deliveryId, kind } = asked;
  const entries = witness.entriesOf(deliveryId);
  const open = entries.find(({ state }) => state === 'sending');
  if (open !== undefined)
    witness.fail('ends', `an entry of ${deliveryId} is still open: ${JSON.stringify(open)}`);
  if (kind === 'push') {
    if (!judgePush(world, asked)) return;
  } else if (server.peek(entryPath(deliveryId)) === undefined) {
    witness.fail('lost', `there is no entry for ${deliveryId}`);
  }
  const whole = server.peek(entryPath(deliveryId))?.fields as DeliveryDocument | undefined;
  const isTouched = people.touchedDeliveries.has(deliveryId);
  for (const entry of entries) judgeCounts(world, deliveryId, entry);
  if (!isTouched) judgeSum(world, deliveryId, entries);
  if (whole?.state === 'failed') judgeFailure(world, deliveryId, whole, isTouched);
  if (whole === undefined || whole.state === 'failed' || isTouched) return;
  judgeReasons(world, asked, entries);
  judgeAnswers(world, deliveryId, entries);
  judgeRenewed(world, people, asked, entries);
  people.phones.forEach((phone, place) => {
    judgeGone(world, people, asked, phone, place, entries);
    judgePhone(world, people, asked, phone, place, entries);
  });
}

/** Of a document of the outbox; returns whether it was to be sent. */
function judgePush({ server, witness }: World, { deliveryId }: Asked): boolean {
  const id = deliveryId.slice('push-'.length);
  const push = server.peek(`pushes/${id}`)?.fields;
  const isSent = server.peek(entryPath(deliveryId)) !== undefined;
  if (push === undefined) return isSent;
  const { state, counts } = push as { state?: unknown; counts?: DeliveryDocument['counts'] };
  if (!FINAL_PUSH_STATES.has(state))
    witness.fail('outbox', `push ${id} has come to rest as ${String(state)}`);
  if (!isSent) {
    if (state === 'sent' || state === 'partial')
      witness.fail('outbox', `push ${id} is ${state}, and was never begun`);
    return false;
  }
  if (state === 'cancelled') witness.fail('outbox', `push ${id} is cancelled, and was sent`);
  const whole = server.peek(entryPath(deliveryId))?.fields as DeliveryDocument | undefined;
  if (counts !== undefined && whole !== undefined) {
    for (const name of ['recipients', 'delivered', 'failed'] as const) {
      if (counts[name] !== whole.counts[name] && whole.reopenedAt === undefined) {
        witness.fail(
          'outbox',
          `push ${id} says ${name}: ${counts[name]}, its entry ${whole.counts[name]}`,
        );
      }
    }
  }
  return true;
}

/** A delivery of shards has the sum of their numbers. */
function judgeSum(
  { witness, server }: World,
  deliveryId: string,
  entries: readonly DeliveryDocument[],
): void {
  const whole = server.peek(entryPath(deliveryId))?.fields as DeliveryDocument | undefined;
  const shards = entries.filter(({ parent }) => parent === deliveryId);
  if (whole?.state !== 'done' || shards.length === 0) return;
  for (const [name, count] of Object.entries(whole.counts)) {
    const sum = shards.reduce((all, { counts }) => all + counts[name as keyof typeof counts], 0);
    if (sum !== count)
      witness.fail('recorded', `${deliveryId} says ${name}: ${count}, its shards ${sum}`);
  }
}

function judgeCounts(
  { witness }: World,
  deliveryId: string,
  { counts, state, coverage, pending }: DeliveryDocument,
): void {
  const { addresses, delivered, unregistered, rejected, failed, expired } = counts;
  const settled = delivered + unregistered + rejected + failed + expired;
  const isSpread = coverage?.kind === 'hashed-shards' || coverage?.kind === 'paged-shards';
  const isWhole = state === 'done' || (state === 'failed' && !isSpread && pending.length === 0);
  if (isWhole && settled !== addresses) {
    witness.fail(
      'recorded',
      `${deliveryId} has ${addresses} addresses, and ${settled} are settled: ${JSON.stringify(counts)}`,
    );
  }
}

/** A delivery that failed as a whole, for which there has to be a reason outside of it. */
function judgeFailure(
  { witness, server }: World,
  deliveryId: string,
  { errorCode, error, outbox }: DeliveryDocument,
  isTouched: boolean,
): void {
  if (errorCode === 'CANCELLED' && isTouched) return;
  // Only the document said who they are, and its sender deleted it.
  if (outbox !== undefined && server.peek(`pushes/${outbox}`) === undefined) return;
  if (errorCode === 'ATTEMPTS_USED_UP' && witness.doubts >= MAX_RESENDS) return;
  if (errorCode === 'ADDRESSES_GONE') return;
  witness.fail('lost', `${deliveryId} failed: ${errorCode} ${error}`);
}

/** Everybody who was to be notified has a reason. */
function judgeReasons(world: World, asked: Asked, entries: readonly DeliveryDocument[]): void {
  const { witness } = world;
  const { to, deliveryId, addresses } = asked;
  if (to === undefined || addresses !== undefined) return;
  for (const uid of to) {
    const reason = entries.map(({ reasons }) => reasonOf(reasons, uid)).find(Boolean);
    if (reason === undefined)
      return witness.fail('recorded', `${deliveryId} has no reason for ${uid}`);
    if (reason.startsWith('retrying') || reason.startsWith('held'))
      witness.fail('recorded', `${deliveryId} ends with ${reason} for ${uid}`);
    judgeReason(world, asked, uid, reason);
  }
}

/** What the ledger says that providers took, they took. */
function judgeAnswers(
  { witness }: World,
  deliveryId: string,
  entries: readonly DeliveryDocument[],
): void {
  const taken = witness.takenBy.get(deliveryId);
  for (const { answers = [] } of entries) {
    for (const { device, outcome, uid } of answers) {
      // A topic stands there by its name, and has no phone of its own.
      if (outcome === 'delivered' && uid !== 'the topic' && taken?.has(device) !== true) {
        witness.fail(
          'recorded',
          `${deliveryId} says that ${uid}'s ${device} took it, and no provider did`,
        );
      }
    }
  }
}

/** A phone that was there all the time, and nobody touched, has rung. */
function judgePhone(
  world: World,
  people: People,
  asked: Asked,
  phone: Phone,
  place: number,
  entries: readonly DeliveryDocument[],
): void {
  const { deliveryId, to, actor, addresses, ttlMs, at } = asked;
  const { plan, witness, fcm, apns, server } = world;
  const { person, isGone } = plan.phones[place] ?? {};
  if (person === undefined || isGone === true || people.touchedPhones.has(place)) return;
  const owner = plan.people[person];
  if (owner === undefined || owner.isUnknown === true || people.touchedPeople.has(person)) return;
  const isNamed =
    addresses === undefined ? to?.has(owner.uid) === true : addresses.has(phone.token);
  if (!isNamed || owner.uid === actor) return;
  if (addresses === undefined) {
    if (witness.nights.isUnwanted(owner.uid, asked)) return;
    if (witness.nights.hasNewer(asked, owner.uid)) return;
  }
  // It was not registered: there was no room for it. Or another of theirs came meanwhile, and it had to make room.
  if (!witness.hadAt(phone.token, owner.uid, at)) return;
  if (plan.setup.maxAddressesPerUser < ROOMY && people.hasRegistered) return;
  if (plan.setup.isWrongProject === true && phone.kind === 'fcm') return;
  if ([...fcm.lies, ...apns.lies].some(({ target }) => target === phone.token)) return;
  const pair = witness.pairOf(phone.token, deliveryId);
  if (pair.accepted > 0) return;
  const name = fingerprint(phone.token);
  const answer = entries
    .flatMap(({ answers = [] }) => answers)
    .find(({ device }) => device === name);
  // An older release says it of the person only.
  const reason = entries
    .map(({ reasons }) => reasonOf(reasons, owner.uid) ?? reasonOf(reasons, name))
    .find(Boolean);
  const isSaid = (outcome: string): boolean =>
    answer === undefined ? reason?.includes(outcome) === true : answer.outcome === outcome;
  // A reason like that is judged by itself.
  if (reason === 'expired:QUIET_HOURS') return;
  const isLost = isSaid('failed') || isSaid('rejected');
  const troubles = pair.requests - pair.untroubled;
  if (isSaid('expired') && ttlMs !== undefined) return;
  // An older release says one thing of all of a person's devices.
  if (witness.isOlder && troubles > 0) return;
  // Of a push whose time was over nobody knows whether the first of two who died had sent it.
  if (isSaid('failed') && ttlMs !== undefined && witness.doubts > 1) return;
  // Nor of one that was sent again by whoever died next.
  const isUnknown = (answer?.code ?? reason ?? '').includes('OUTCOME_UNKNOWN');
  if (isUnknown && pair.requests > 0 && witness.doubts > 1) return;
  if (isLost && pair.lasting > 0) return;
  if (isSaid('failed') && (troubles >= MANY_FAILURES || witness.doubts >= MAX_RESENDS)) return;
  // Apple's refusal of our credential holds for all of a batch.
  if (phone.kind === 'apns' && apns.calls > 0 && world.hasCredentialTrouble) return;
  const listed = (server.peek(`users/${owner.uid}`)?.fields['tokens'] ?? []) as readonly string[];
  const words = `${phone.id} of ${owner.uid} was never sent ${deliveryId}; the ledger says ${answer?.outcome ?? reason} ${answer?.code}, ${pair.requests} requests, listed: ${listed.includes(phone.token)}`;
  witness.fail(listed.includes(phone.token) ? 'lost' : 'kept', words);
}

/** A phone whose app is gone is listed no more once it was sent to, unless that is not to be believed. */
function judgeGone(
  { plan, witness, fcm, apns, server }: World,
  people: People,
  { deliveryId }: Asked,
  phone: Phone,
  place: number,
  entries: readonly DeliveryDocument[],
): void {
  const { person, isGone } = plan.phones[place] ?? {};
  if (person === undefined || isGone !== true || people.touchedPhones.has(place)) return;
  if (plan.setup.isWrongProject === true) return;
  if ([...fcm.lies, ...apns.lies].some(({ target }) => target === phone.token)) return;
  const pair = witness.pairs.get(`${deliveryId} ${phone.token}`);
  if (pair === undefined || pair.untroubled === 0 || pair.requests > pair.untroubled) return;
  const name = fingerprint(phone.token);
  const answer = entries
    .flatMap(({ answers = [] }) => answers)
    .find(({ device }) => device === name);
  const uid = plan.people[person]?.uid ?? '';
  if (answer === undefined || answer.outcome === 'gone' || answer.uid !== uid) return;
  if (answer.code === 'OUTCOME_UNKNOWN' || answer.outcome === 'expired') return;
  if (answer.outcome !== 'unregistered') {
    witness.fail(
      'pruned',
      `${phone.id} is gone, and ${deliveryId} says ${answer.outcome} ${answer.code}`,
    );
  }
  const listed = (server.peek(`users/${uid}`)?.fields['tokens'] ?? []) as readonly string[];
  if (answer.prune === 'pruned' && listed.includes(phone.token)) {
    witness.fail(
      'pruned',
      `${phone.id} is gone, and ${deliveryId} says pruned; ${uid} has it still`,
    );
  }
}

/** Actions that read no users but those who are to be notified. */
const CALM: ReadonlySet<string> = new Set(['notify', 'edit-profile', 'deploy']);
/** Ways that never take so long that recipients have to be looked up again. */
const QUICK_MS = 100;

/** Where nothing goes wrong each recipient costs one read. */
function judgeReads({ plan, server, witness }: World): void {
  const { troubles, actions, phones, setup } = plan;
  const isCalm =
    troubles.length === 0 &&
    setup.latencyMs <= QUICK_MS &&
    setup.isWrongProject !== true &&
    !witness.wishes.hasNights &&
    actions.every((action) => CALM.has(action.do)) &&
    !phones.some(({ isGone }) => isGone === true);
  if (!isCalm) return;
  const recipients = [...witness.asked.values()].reduce((sum, { to }) => sum + (to?.size ?? 0), 0);
  if (server.userReads > recipients) {
    witness.fail('reads', `${recipients} recipients cost ${server.userReads} reads of users`);
  }
}

function judgeSecrets({ server, phones, witness }: World): void {
  for (const collection of ['deliveries', 'pushes']) {
    for (const { path, fields } of server.all(collection)) {
      const { to: _theirs, ...ours } = fields;
      const leak = leakIn(ours, phones);
      if (leak !== undefined) witness.fail('secret', `a token stands in ${path}: ${leak}`);
    }
  }
}

function reasonOf(reasons: DeliveryDocument['reasons'], uid: string): string | undefined {
  return Object.hasOwn(reasons, uid) ? reasons[uid] : undefined;
}

function entryPath(deliveryId: string): string {
  return `deliveries/${deliveryId}`;
}
