/** What is there before a world begins: people, their phones, and what their apps keep. */
import { addressId, addressKind } from '../../../kit/src/model/address.ts';
import { Timestamp } from '../firestore/values.ts';
import type { Phone } from '../providers/phones.ts';
import type { PersonPlan, Plan } from './plan.ts';
import type { Registry } from './registry.ts';
import type { World } from './world.ts';

const DAY_MS = 24 * 60 * 60_000;

/** What no provider takes for an address. */
export const ODD_ENTRIES = ['ExponentPushToken[universe]'];

/** What was there before the world begins. */
export function settle(world: World, phones: readonly Phone[], registry: Registry): void {
  const { plan, server } = world;
  const now = Timestamp.fromMillis(plan.startAt - 40 * DAY_MS);
  const tokensOf = new Map<number, string[]>();
  plan.phones.forEach(({ person, kind, isGone }, index) => {
    const phone = phones[index] as Phone;
    // Whoever has it: also if nobody could register it.
    if (isGone === true) world.phones.uninstall(phone);
    if (person === undefined) return;
    const owner = plan.people[person];
    if (owner === undefined || owner.isUnknown === true) return;
    const tokens = tokensOf.get(person) ?? [];
    if (tokens.length >= plan.setup.maxAddressesPerUser) return;
    tokens.push(phone.token);
    tokensOf.set(person, tokens);
    registry.seed(phone.id, phone.token, owner.uid);
    server.seed(
      `devices/${addressId(phone.token)}`,
      frozen({
        uid: owner.uid,
        address: phone.token,
        kind: addressKind(phone.token) ?? 'fcm',
        platform: kind === 'apns' ? 'ios' : 'android',
        topics: [],
        createdAt: now,
        refreshedAt: now,
        refreshedBy: 'call',
      }),
    );
  });
  plan.people.forEach((person, index) => {
    const { uid, isUnknown } = person;
    if (isUnknown === true) return;
    server.seed(
      `users/${uid}`,
      frozen({
        // An app may keep there what it wants.
        tokens: [...(tokensOf.get(index) ?? []), ...(index === 0 ? ODD_ENTRIES : [])],
        profile: { name: uid, of: { constructor: [1, null] } },
        constructor: 'the app’s own',
        ...wishesOf(person, plan),
      }),
    );
  });
  server.seed('walls/w', Object.freeze({ name: 'the wall' }));
}

/** What a person wants to hear, and when, as their document says it. */
function wishesOf(
  { mutes, silences = [], night, blocks, mutesTarget }: PersonPlan,
  { people, startAt }: Plan,
): Readonly<Record<string, unknown>> {
  const { forMs } = mutesTarget ?? {};
  return {
    notificationSettings: Object.fromEntries([
      ...mutes.map((kind) => [kind, false]),
      ...silences.map((kind) => [kind, 'silent']),
    ]),
    ...(night === undefined ? {} : { quietHours: { ...night.hours } }),
    ...(night?.zone === undefined ? {} : { timeZone: night.zone }),
    ...(blocks === undefined ? {} : { blocked: blocks.map((each) => people[each]?.uid) }),
    ...(mutesTarget === undefined
      ? {}
      : { mute: { [mutesTarget.target]: untilOf(startAt, forMs) } }),
  };
}

/** Until when something is muted, from a moment on, as a document says it; `forMs` undefined: for ever. */
export function untilOf(now: number, forMs: number | undefined): Timestamp | true {
  return forMs === undefined ? true : Timestamp.fromMillis(now + forMs);
}

/** As the server keeps it: plain lists and maps cannot be changed by whoever reads them. */
function frozen<T extends object>(value: T): T {
  for (const each of Object.values(value) as unknown[]) {
    if (typeof each === 'object' && each !== null && !(each instanceof Timestamp)) frozen(each);
  }
  return Object.freeze(value);
}
