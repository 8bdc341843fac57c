/** Judges a world that has come to rest: everything that was asked for has come to its end, and the end is right. */
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import { addressId, fingerprint } from '../../../kit/src/model/address.ts';
import { tokensIn } from '../providers/leaks.ts';
import type { Phone } from '../providers/phones.ts';
import type { People } from './people.ts';
import type { World } from './world.ts';
import type { Asked } from './witness.ts';

/** Instances that die over one step before it is left, as the engine has it. */
const MAX_RESENDS = 5;
/** Failures of one address after which its hour, or four, may be over. */
const MANY_FAILURES = 3;

const FINAL_PUSH_STATES: ReadonlySet<unknown> = new Set(['sent', 'partial', 'failed', 'cancelled']);

/** @throws {BrokenPromise} for the first that is not kept. */
export function judgeEnd(world: World, people: People): void {
  judgeWire(world);
  // What the platform gave up after a day of failures is lost to everybody.
  if (world.givenUp > 0) return;
  for (const asked of world.witness.asked.values()) judgeDelivery(world, people, asked);
  judgeDevices(world, people);
  judgeSecrets(world);
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
  if (open !== undefined) witness.fail('ends', `an entry of ${deliveryId} is still open: ${JSON.stringify(open)}`);
  if (kind === 'push') {
    if (!judgePush(world, asked)) return;
  } else if (server.read(entryPath(deliveryId)) === undefined) {
    witness.fail('lost', `there is no entry for ${deliveryId}`);
  }
  const whole = server.read(entryPath(deliveryId))?.fields as DeliveryDocument | undefined;
  const isTouched = people.touchedDeliveries.has(deliveryId);
  for (const entry of entries) judgeCounts(world, deliveryId, entry);
  if (whole?.state === 'failed' && !isTouched) judgeFailure(world, deliveryId, whole);
  if (whole === undefined || isTouched) return;
  judgeReasons(world, asked, entries);
  judgeAnswers(world, deliveryId, entries);
  people.phones.forEach((phone, place) => judgePhone(world, people, asked, phone, place, entries));
}

/** Of a document of the outbox; returns whether it was to be sent. */
function judgePush({ server, witness }: World, { deliveryId }: Asked): boolean {
  const id = deliveryId.slice('push-'.length);
  const push = server.read(`pushes/${id}`)?.fields;
  const isSent = server.read(entryPath(deliveryId)) !== undefined;
  if (push === undefined) return isSent;
  const { state, counts } = push as { state?: unknown; counts?: DeliveryDocument['counts'] };
  if (!FINAL_PUSH_STATES.has(state)) witness.fail('outbox', `push ${id} has come to rest as ${String(state)}`);
  if (!isSent) {
    if (state === 'sent' || state === 'partial') witness.fail('outbox', `push ${id} is ${state}, and was never begun`);
    return false;
  }
  if (state === 'cancelled') witness.fail('outbox', `push ${id} is cancelled, and was sent`);
  const whole = server.read(entryPath(deliveryId))?.fields as DeliveryDocument | undefined;
  if (counts !== undefined && whole !== undefined) {
    for (const name of ['recipients', 'delivered', 'failed'] as const) {
      if (counts[name] !== whole.counts[name] && whole.reopenedAt === undefined) {
        witness.fail('outbox', `push ${id} says ${name}: ${counts[name]}, its entry ${whole.counts[name]}`);
      }
    }
  }
  return true;
}

function judgeCounts({ witness }: World, deliveryId: string, { counts, state, reopenedAt }: DeliveryDocument): void {
  const { addresses, delivered, unregistered, rejected, failed, expired } = counts;
  const settled = delivered + unregistered + rejected + failed + expired;
  if (state === 'done' && settled !== addresses && reopenedAt === undefined) {
    witness.fail('recorded', `${deliveryId} has ${addresses} addresses, and ${settled} are settled: ${JSON.stringify(counts)}`);
  }
}

/** A delivery that failed as a whole, for which there has to be a reason outside of it. */
function judgeFailure({ witness }: World, deliveryId: string, { errorCode, error }: DeliveryDocument): void {
  if (errorCode === 'ATTEMPTS_USED_UP' && witness.doubts >= MAX_RESENDS) return;
  if (errorCode === 'COMPOSE_FAILED' && witness.doubts > 0) return;
  if (errorCode === 'ADDRESSES_GONE') return;
  witness.fail('lost', `${deliveryId} failed: ${errorCode} ${error}`);
}

/** Everybody who was to be notified has a reason. */
function judgeReasons({ witness }: World, { to, deliveryId, addresses }: Asked, entries: readonly DeliveryDocument[]): void {
  if (to === undefined || addresses !== undefined) return;
  for (const uid of to) {
    const reason = entries.map(({ reasons }) => (Object.hasOwn(reasons, uid) ? reasons[uid] : undefined)).find(Boolean);
    if (reason === undefined) return witness.fail('recorded', `${deliveryId} has no reason for ${uid}`);
    if (reason.startsWith('retrying')) witness.fail('recorded', `${deliveryId} ends with ${reason} for ${uid}`);
  }
}

/** What the ledger says that providers took, they took. */
function judgeAnswers({ witness }: World, deliveryId: string, entries: readonly DeliveryDocument[]): void {
  const taken = witness.takenBy.get(deliveryId);
  for (const { answers = [] } of entries) {
    for (const { device, outcome, uid } of answers) {
      if (outcome === 'delivered' && taken?.has(device) !== true) {
        witness.fail('recorded', `${deliveryId} says that ${uid}'s ${device} took it, and no provider did`);
      }
    }
  }
}

/** A phone that was there all the time, and nobody touched, has rung. */
function judgePhone(
  world: World,
  people: People,
  { deliveryId, to, actor, addresses, kind, ttlMs }: Asked,
  phone: Phone,
  place: number,
  entries: readonly DeliveryDocument[],
): void {
  const { plan, witness, fcm, apns, server } = world;
  const { person, isGone } = plan.phones[place] ?? {};
  if (person === undefined || isGone === true || people.touchedPhones.has(place)) return;
  const owner = plan.people[person];
  if (owner === undefined || owner.isUnknown === true || people.touchedPeople.has(person)) return;
  const isNamed = addresses === undefined ? to?.has(owner.uid) === true : addresses.has(phone.token);
  if (!isNamed || owner.uid === actor) return;
  if (kind !== 'push' && owner.mutes.includes(kind)) return;
  // It was never registered: there was no room for it.
  if (witness.holdersSince(phone.token, 0).length === 0) return;
  if ([...fcm.lies, ...apns.lies].some(({ target }) => target === phone.token)) return;
  const pair = witness.pairOf(phone.token, deliveryId);
  if (pair.accepted > 0) return;
  const name = fingerprint(phone.token);
  const answer = entries.flatMap(({ answers = [] }) => answers).find(({ device }) => device === name);
  const said = answer === undefined ? 'nothing' : `${answer.outcome} ${answer.code}`;
  const troubles = pair.requests - pair.untroubled;
  if (answer?.outcome === 'expired' && ttlMs !== undefined) return;
  if ((answer?.outcome === 'failed' || answer?.outcome === 'rejected') && troubles > 0) return;
  if (answer?.outcome === 'failed' && (troubles >= MANY_FAILURES || witness.doubts >= MAX_RESENDS)) return;
  // Apple's refusal of our credential holds for all of a batch.
  if (phone.kind === 'apns' && apns.calls > 0 && world.hasCredentialTrouble) return;
  const listed = (server.read(`users/${owner.uid}`)?.fields['tokens'] ?? []) as readonly string[];
  const words = `${phone.id} of ${owner.uid} was never sent ${deliveryId}; the ledger says ${said}, ${pair.requests} requests, listed: ${listed.includes(phone.token)}`;
  witness.fail(listed.includes(phone.token) ? 'lost' : 'kept', words);
}

/** Every device is whose it should be, and of one person only. */
function judgeDevices({ witness, server, phones, fcm, apns, plan }: World, { registry }: People): void {
  const owners = new Map<string, string>();
  for (const { id: uid, fields } of server.documents('users')) {
    const tokens = Array.isArray(fields['tokens']) ? (fields['tokens'] as string[]) : [];
    for (const token of tokens) {
      const other = owners.get(token);
      if (other !== undefined) witness.fail('right', `${witness.name(token)} is listed for ${other} and ${uid}`);
      owners.set(token, uid);
      const record = server.read(`devices/${addressId(token)}`)?.fields;
      if (record?.['uid'] !== uid) {
        witness.fail('right', `${witness.name(token)} is listed for ${uid}, and its record says ${String(record?.['uid'])}`);
      }
    }
  }
  const lies = new Set([...fcm.lies, ...apns.lies].map(({ target }) => target));
  const isRoomy = plan.setup.maxAddressesPerUser >= plan.phones.length;
  const sweeps = plan.actions.some((action) => action.do === 'sweep-stale');
  for (const { token, uid } of registry.standings()) {
    const owner = owners.get(token);
    if (uid === undefined) {
      if (owner !== undefined) witness.fail('left', `${witness.name(token)} was logged out, and is listed for ${owner}`);
      continue;
    }
    if (!phones.isLive(token) || lies.has(token) || !isRoomy || sweeps) continue;
    if (owner !== uid) {
      witness.fail('kept', `${witness.name(token)} was registered by ${uid}, and is listed for ${owner ?? 'nobody'}`);
    }
  }
}

function judgeSecrets({ server, phones, witness }: World): void {
  for (const collection of ['deliveries', 'pushes']) {
    for (const { path, fields } of server.documents(collection)) {
      const { to: _theirs, ...ours } = fields;
      const [leaked] = tokensIn(JSON.stringify(ours), phones);
      if (leaked !== undefined) witness.fail('secret', `a token stands in ${path}`);
    }
  }
}

function entryPath(deliveryId: string): string {
  return `deliveries/${deliveryId}`;
}
