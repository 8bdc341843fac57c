/** Judges who has which phone: whoever registered it last, unless it was taken away for a reason. */
import { addressId } from '../../../kit/src/model/address.ts';
import { ODD_ENTRIES } from './beginning.ts';
import type { People } from './people.ts';
import type { Pair } from './asked.ts';
import type { World } from './world.ts';
import { ROOMY } from './entries.ts';

/** As `soak/scaled.ts` makes them: so many addresses prove nothing, and no more than so many of one person count. */
const FEW_ADDRESSES = 2;
const MOST_OF_ONE = 2;
/** More than this part of what is sent at once is not believed to be dead. */
const MOST_DEAD = 0.5;
/** FCM says so of an address itself. */
const CALLED_DEAD = 'UNREGISTERED';

/** Every device is whose it should be, and of one person only. */
export function judgeDevices(world: World, people: People): void {
  const { witness, server, plan } = world;
  const owners = new Map<string, string>();
  for (const { id: uid, fields } of server.documents('users')) {
    const tokens = Array.isArray(fields['tokens']) ? (fields['tokens'] as string[]) : [];
    for (const token of tokens.filter((each) => !ODD_ENTRIES.includes(each))) {
      const other = owners.get(token);
      if (other !== undefined)
        witness.fail('right', `${witness.name(token)} is listed for ${other} and ${uid}`);
      owners.set(token, uid);
      const record = server.peek(`devices/${addressId(token)}`)?.fields;
      if (record?.['uid'] !== uid) {
        witness.fail(
          'right',
          `${witness.name(token)} is listed for ${uid}, and its record says ${String(record?.['uid'])}`,
        );
      }
    }
  }
  for (const { fields } of server.documents('devices')) {
    const { address: token, uid } = fields as { readonly address: string; readonly uid: string };
    if (owners.get(token) !== uid) {
      witness.fail(
        'right',
        `${witness.name(token)} is ${uid}'s on record, and listed for ${owners.get(token)}`,
      );
    }
  }
  const [first] = plan.people;
  if (first !== undefined && first.isUnknown !== true) {
    const kept = server.peek(`users/${first.uid}`)?.fields['tokens'] as readonly string[];
    if (!ODD_ENTRIES.every((each) => kept.includes(each))) {
      witness.fail('theirs', `${first.uid} had what is no address in the array, and it is gone`);
    }
  }
  for (const { id: uid, fields } of server.documents('users')) {
    const { count = 0 } = (fields['takeovers'] ?? {}) as { readonly count?: number };
    if (count > plan.setup.maxTakeoversPerDay)
      witness.fail('limit', `${uid} took ${count} devices over`);
  }
  judgeRegistered(world, people, owners);
  judgeMassDeath(world, owners);
}

/** Whoever registered a phone last has it, and nobody has one that was logged out. @param owners who lists each token. */
function judgeRegistered(
  { witness, phones, fcm, apns, plan }: World,
  { registry }: People,
  owners: ReadonlyMap<string, string>,
): void {
  const { maxAddressesPerUser, isWrongProject } = plan.setup;
  // That FCM knows none of them is no proof against any.
  const lies = isWrongProject === true ? apns.lies : [...fcm.lies, ...apns.lies];
  const isRoomy = maxAddressesPerUser >= ROOMY;
  const sweeps = plan.actions.some((action) => action.do === 'sweep-stale');
  for (const { token, uid, from } of registry.standings()) {
    const owner = owners.get(token);
    if (uid === undefined) {
      if (owner !== undefined)
        witness.fail('left', `${witness.name(token)} was logged out, and is listed for ${owner}`);
      continue;
    }
    const isSeeded = from < 0;
    if (!phones.isLive(token) || !isRoomy || (sweeps && isSeeded)) continue;
    // What was said of it before it was registered proves nothing.
    if (lies.some(({ target, at }) => target === token && at >= from)) continue;
    if (owner !== uid) {
      witness.fail(
        'kept',
        `${witness.name(token)} was registered by ${uid}, and is listed for ${owner ?? 'nobody'}`,
      );
    }
  }
}

/** Where most of what is sent at once is called dead nobody loses a phone; of worlds in which nothing else happens. */
function judgeMassDeath(world: World, owners: ReadonlyMap<string, string>): void {
  const { plan, witness, fcm } = world;
  const [asked] = witness.asked.values();
  if (plan.actions.length !== 1 || asked === undefined || witness.doubts > 0) return;
  const { deliveryId } = asked;
  // Each shard has steps of its own.
  if (witness.entriesOf(deliveryId).length !== 1) return;
  const pairs = [...witness.pairs.values()].filter(({ requests }) => requests > 0);
  // All in one step: between two of them the first is recorded, which takes time.
  if (new Set(pairs.map(({ at }) => at)).size !== 1) return;
  const lies = fcm.lies.filter(({ what }) => what === CALLED_DEAD);
  const isDead = ({ token, untroubled }: Pair): boolean =>
    untroubled === 1
      ? !world.phones.isLive(token)
      : lies.filter(({ target }) => target === token).length === 1;
  const isPlain = (pair: Pair): boolean =>
    pair.requests === 1 && pair.owners.size === 1 && (isDead(pair) || pair.accepted === 1);
  if (!pairs.every(isPlain)) return;
  let sent = 0;
  let dead = 0;
  for (const theirs of Map.groupBy(pairs, ({ owners: [uid] }) => uid).values()) {
    const weight = Math.min(1, MOST_OF_ONE / theirs.length);
    sent += theirs.length * weight;
    dead += theirs.filter(isDead).length * weight;
  }
  if (sent <= FEW_ADDRESSES || dead <= sent * MOST_DEAD) return;
  for (const { token, owners: theirs } of pairs) {
    const owner = owners.get(token);
    if (owner !== undefined && theirs.has(owner)) continue;
    const words = `${witness.name(token)} of ${[...theirs].join()} was called dead with most others by ${deliveryId}, and is listed for ${owner ?? 'nobody'}`;
    witness.fail('kept', words);
  }
}
