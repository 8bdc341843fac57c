/**
 * What an entry of the ledger is found by: one list of keys, so that one index answers every question; pure.
 *
 * A key that many entries share ends in one of sixteen numbers: entries made at the same time then stand in sixteen places of the
 * index, because one place takes about 500 writes a second (https://firebase.google.com/docs/firestore/best-practices#hotspots).
 */
import { createHash } from 'node:crypto';

/** Groups that a search for entries can be for, each in order of time. */
export type FindGroup =
  /** Every delivery, but no shard. */
  | 'all'
  /** Not final: deliveries and shards. */
  | 'open'
  /** Not final, and addresses wait to be tried again. */
  | 'waiting'
  /** Final, and something of it failed. */
  | 'trouble'
  /** Notes: `compose` told nobody, or fails. */
  | 'nobody'
  | 'compose'
  /** Deliveries whose recipients are not in their own entry: in shards, or known to FCM only. */
  | 'spread';

/** Numbers that keys of groups and kinds end in, and that spread what comes at one time. */
export const SLOTS = 16;
/** Bytes of a key beyond which it is hashed: an index takes 1,500 of a value. */
const MAX_KEY_BYTES = 1_000;

/** What an entry says that it is to be found by. */
export interface Findable {
  readonly id: string;
  readonly type: string;
  readonly document?: string | undefined;
  /** Whom it is about: recipients, and whoever did what it tells of. */
  readonly people?: readonly string[];
  readonly groups: readonly FindGroup[];
  /** A shard is found by its people and its state only. */
  readonly isShard?: boolean;
}

export function findByOf({ id, type, document, people = [], groups, isShard }: Findable): string[] {
  const slot = slotOf(id);
  return [
    ...(document === undefined ? [] : [documentKey(document)]),
    ...[...new Set(people)].map(personKey),
    ...(isShard === true ? [] : [`kind:${type}~${slot}`]),
    ...groups.map((group) => `${group}~${slot}`),
  ];
}

/** The same keys with these groups in place of those that tell how far it is; `all` and `spread` stay. */
export function inGroups(
  findBy: readonly string[],
  id: string,
  groups: readonly Extract<FindGroup, 'open' | 'waiting' | 'trouble'>[],
): string[] {
  const slot = slotOf(id);
  const others = findBy.filter((key) => !PASSING_GROUP_KEY.test(key));
  return [...others, ...groups.map((group) => `${group}~${slot}`)];
}

/** The same keys, of those who were to be told only the ones of these people: of whom it is found that they were. */
export function withTold(findBy: readonly string[], told: readonly string[]): string[] {
  const keys = new Set(told.map(toldKey));
  return findBy.filter((key) => !isTold(key) || keys.has(key));
}

/** The ids in a document's path: one of them may be a person's, as in `posts/p1/likes/leo`. */
export function idsIn(path: string): string[] {
  return path.split('/').filter((_, index) => index % 2 === 1);
}

/** Keys of which one is in each entry of the group. */
export function groupKeys(group: FindGroup): string[] {
  return slots().map((slot) => `${group}~${slot}`);
}

/** Keys of which one is in each delivery of this kind. */
export function kindKeys(type: string): string[] {
  return slots().map((slot) => `kind:${type}~${slot}`);
}

export function documentKey(path: string): string {
  return keyOf('document', path);
}

export function personKey(uid: string): string {
  return keyOf('person', uid);
}

/** Of a person who is notified, or has been: only where it is counted how often. */
export function toldKey(uid: string): string {
  return keyOf('told', uid);
}

/** Whether a key is of a person who is notified. */
export function isTold(key: string): boolean {
  return key.startsWith('told:');
}

const PASSING_GROUP_KEY = /^(?:open|waiting|trouble)~\d+$/;

function keyOf(name: string, value: string): string {
  const isFit = Buffer.byteLength(value) <= MAX_KEY_BYTES;
  return `${name}:${isFit ? value : createHash('sha256').update(value).digest('hex')}`;
}

export function slotOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt8(0) % SLOTS;
}

function slots(): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot);
}
