/**
 * Who owns which address: `devices/{sha256(address)}` and the owner's `users/{uid}.tokens`, always changed together.
 *
 * Invariant: whatever is committed here leaves an address in one array at most, that of the owner on its record.
 */
import {
  FieldValue,
  Timestamp,
  type DocumentReference,
  type Firestore,
  type Transaction,
} from '@google-cloud/firestore';
import { addressId, addressKind, type AddressKind } from '../providers/address';
import { withoutUndefined } from '../providers/without-undefined';
import { decide, oneMoreTakeover, type Claimant } from './contest';
import { ownerFields } from './owner-fields';
import { COLLECTIONS, type DeviceDocument, type UserDocument } from './schema';
import { swapIn, tokenList } from './token-list';
import { transact } from './transact';

/** What an app tells about the device it runs on. */
export type DeviceFacts = {
  readonly [
    Fact in
      'platform' | 'appId' | 'appVersion' | 'locale' | 'timeZone' | 'environment' | 'experienceId'
  ]?: DeviceDocument[Fact] | undefined;
};

export interface Registration {
  readonly address: string;
  readonly kind: AddressKind;
  readonly facts: DeviceFacts;
  /** The device's former address: it goes in the same step, if it is the caller's. */
  readonly replaces?: string | undefined;
}

export interface Registered {
  /** Users who lost the address by this. */
  readonly takenFrom: readonly string[];
  /** Whether the former address was the caller's, and is gone now. */
  readonly replaced: boolean;
  /** Entries in the caller's array afterwards. */
  readonly listed: number;
}

/** What became of an address that an app wrote into, or took out of, its user's array. */
export type Settled =
  /** Nothing was to be done: the present state is consistent. */
  | { readonly kind: 'nothing' }
  /** Its record is the user's now; `from` lost it. */
  | { readonly kind: 'claimed'; readonly from: readonly string[] }
  /** It left the array: somebody else claimed it later. */
  | { readonly kind: 'lost' }
  /** It left the array: the user has taken too many addresses from others today. */
  | { readonly kind: 'refused' }
  /** It is in the array no more, so its record is gone, too. */
  | { readonly kind: 'released' };

export interface SettleOptions {
  /** When the user's app wrote the address, ms since 1970. Left out where nobody knows: then an owner on record stays. */
  readonly writtenAt?: number | undefined;
  /** When the device counts as refreshed, ms since 1970. Default: when the winner's app wrote it. */
  readonly refreshedAt?: number | undefined;
}

export interface OwnershipOptions {
  readonly db: Firestore;
  readonly now: () => number;
  /** Addresses that one user may take from others within a day. */
  readonly maxTakeoversPerDay: number;
}

/** The caller has taken as many addresses from others as a day allows. */
export class TooManyTakeoversError extends Error {
  constructor(max: number) {
    super(`Expected at most ${max} devices taken over from others within a day, got more.`);
    this.name = 'TooManyTakeoversError';
  }
}

/** Rivals removed in one transaction; only a token that is older than this backend can have any. */
const MAX_RIVALS = 400;

export class Ownership {
  private readonly options: OwnershipOptions;

  constructor(options: OwnershipOptions) {
    this.options = options;
  }

  /**
   * Makes an address the user's and nobody else's, in one transaction. Idempotent.
   *
   * @throws {TooManyTakeoversError} if it is another's and the caller took too many today.
   */
  async register(
    uid: string,
    { address, kind, facts, replaces }: Registration,
  ): Promise<Registered> {
    const former = replaces === address ? undefined : replaces;
    return transact(this.options.db, async (transaction) => {
      const refs = [this.device(address), ...(former === undefined ? [] : [this.device(former)])];
      const [user, device, old] = await transaction.getAll(this.user(uid), ...refs);
      const owner = (user?.data() ?? {}) as UserDocument;
      const known = device?.data() as DeviceDocument | undefined;
      const ownsFormer = former !== undefined && old?.get('uid') === uid;
      const from =
        known === undefined
          ? (await this.rivalsOf(transaction, address)).map((rival) => rival.uid)
          : [known.uid];
      const takenFrom = from.filter((other) => other !== uid);
      const losers = await this.existing(transaction, known === undefined ? [] : takenFrom);

      // The clock is read in here: a transaction that had to wait is as late as it is.
      const now = this.options.now();
      const takeovers = this.allowed(owner, takenFrom.length > 0, now);
      if (takeovers === 'too-many') {
        throw new TooManyTakeoversError(this.options.maxTakeoversPerDay);
      }
      const { addresses, isChanged, hadFormer } = swapIn(owner.tokens, address, former);
      const update = {
        ...(isChanged ? { tokens: addresses } : {}),
        ...(isUnset(owner.locale) && facts.locale ? { locale: facts.locale } : {}),
        ...(isUnset(owner.timeZone) && facts.timeZone ? { timeZone: facts.timeZone } : {}),
        ...takeovers,
      };
      // An unchanged user is not written: it would cost a write and wake the trigger at every app start.
      if (Object.keys(update).length > 0) {
        transaction.set(this.user(uid), update, { merge: true });
      }
      this.dropFrom(transaction, known === undefined ? takenFrom : losers, address);
      if (ownsFormer) transaction.delete(this.device(former));
      const topics = ownsFormer ? (old.get('topics') as string[] | undefined) : undefined;
      transaction.set(
        this.device(address),
        {
          ...ownerFields(uid, address, kind, known, Timestamp.fromMillis(now), takenFrom.length),
          ...withoutUndefined(facts),
          ...(topics === undefined ? {} : { topics: union(topics, known, uid) }),
          refreshedBy: 'call',
        },
        { merge: known?.uid === uid },
      );
      return { takenFrom, replaced: ownsFormer || hadFormer, listed: addresses.length };
    });
  }

  /** Takes an address from the user; true if it was there. One that is by now someone else's stays theirs. */
  async unregister(uid: string, address: string): Promise<boolean> {
    return transact(this.options.db, async (transaction) => {
      const [user, device] = await transaction.getAll(this.user(uid), this.device(address), {
        fieldMask: ['uid', 'tokens'],
      });
      const isListed = tokenList(user?.get('tokens')).addresses.includes(address);
      const isOwned = device?.get('uid') === uid;
      if (isListed) this.dropFrom(transaction, [uid], address);
      if (isOwned) transaction.delete(this.device(address));
      return isListed || isOwned;
    });
  }

  /**
   * Which of the addresses that came into or left an array need {@link settle}: one read each, no lock.
   *
   * Skipping the others is safe. An added address whose record is the user's, and a removed one whose record is not, are
   * consistent now; whatever changes that later is an event of its own.
   */
  async unsettled(
    uid: string,
    change: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<string[]> {
    const addresses = [...change.added, ...change.removed];
    if (addresses.length === 0) return [];
    const refs = addresses.map((address) => this.device(address));
    const records = await this.options.db.getAll(...refs, { fieldMask: ['uid'] });
    return addresses.filter((_address, index) => {
      const isOwned = records[index]?.get('uid') === uid;
      return index < change.added.length ? !isOwned : isOwned;
    });
  }

  /**
   * Brings an address's record and all arrays into agreement with what the user's array holds now, in one transaction.
   *
   * Safe to call at any time, any number of times, for events of any age: it reads the present before it acts, and never
   * adds to an array, so that it cannot wake itself up for ever.
   */
  async settle(uid: string, address: string, options: SettleOptions): Promise<Settled> {
    return transact(this.options.db, async (transaction) => {
      const [user, device] = await transaction.getAll(this.user(uid), this.device(address));
      const owner = (user?.data() ?? {}) as UserDocument;
      const known = device?.data() as DeviceDocument | undefined;
      if (!tokenList(owner.tokens).addresses.includes(address)) {
        if (known?.uid !== uid) return { kind: 'nothing' };
        transaction.delete(this.device(address));
        return { kind: 'released' };
      }
      const unknownTime = known === undefined ? (user?.updateTime?.toMillis() ?? 0) : -Infinity;
      const claimant: Claimant = { uid, writtenAt: options.writtenAt ?? unknownTime };
      const verdict = decide({
        claimant,
        owner: known && { uid: known.uid, refreshedAt: known.refreshedAt.toMillis() },
        rivals: known === undefined ? await this.rivalsOf(transaction, address) : [],
      });
      if (verdict.kind === 'kept') return { kind: 'nothing' };

      const winner = verdict.kind === 'won' ? claimant : verdict.winner;
      const losers = verdict.kind === 'won' ? verdict.from : verdict.losers;
      const present = await this.existing(transaction, losers);
      // Where times are unknown, the array is older than the rules of this backend: nobody is taking anything.
      const isTakeover =
        verdict.kind === 'won' && losers.length > 0 && options.writtenAt !== undefined;
      const takeovers = this.allowed(owner, isTakeover, this.options.now());
      if (takeovers === 'too-many') {
        this.dropFrom(transaction, [uid], address);
        return { kind: 'refused' };
      }
      if (Object.keys(takeovers).length > 0) transaction.update(this.user(uid), takeovers);
      this.dropFrom(transaction, present, address);
      if (known === undefined || verdict.kind === 'won') {
        const at = Timestamp.fromMillis(options.refreshedAt ?? winner.writtenAt);
        const kind = addressKind(address) ?? 'fcm';
        transaction.set(this.device(address), {
          ...ownerFields(winner.uid, address, kind, known, at, losers.length),
          refreshedBy: 'array',
        });
      }
      return verdict.kind === 'won' ? { kind: 'claimed', from: losers } : { kind: 'lost' };
    });
  }

  /** The counter as it is to be written, nothing if nothing is taken over, or `too-many`. */
  private allowed(
    user: UserDocument,
    isTakeover: boolean,
    now: number,
  ): Pick<UserDocument, 'takeovers'> | 'too-many' {
    if (!isTakeover) return {};
    const sofar = user.takeovers && {
      count: user.takeovers.count,
      since: user.takeovers.since.toMillis(),
    };
    const next = oneMoreTakeover(sofar, now, this.options.maxTakeoversPerDay);
    if (next === undefined) return 'too-many';
    return { takeovers: { count: next.count, since: Timestamp.fromMillis(next.since) } };
  }

  /** Everybody whose array holds the address: for one without a record, which can be older than this backend. */
  private async rivalsOf(transaction: Transaction, address: string): Promise<Claimant[]> {
    const holders = this.options.db
      .collection(COLLECTIONS.users)
      .where('tokens', 'array-contains', address)
      .select()
      .limit(MAX_RIVALS);
    return (await transaction.get(holders)).docs.map((found) => ({
      uid: found.id,
      writtenAt: found.updateTime.toMillis(),
    }));
  }

  /** Those of the users that have a document: writing to the others would bring back a deleted account. */
  private async existing(transaction: Transaction, uids: readonly string[]): Promise<string[]> {
    if (uids.length === 0) return [];
    const refs = uids.map((uid) => this.user(uid));
    const users = await transaction.getAll(...refs, { fieldMask: ['takeovers'] });
    return users.filter((user) => user.exists).map((user) => user.id);
  }

  private dropFrom(transaction: Transaction, uids: readonly string[], address: string): void {
    for (const uid of uids) {
      transaction.update(this.user(uid), { tokens: FieldValue.arrayRemove(address) });
    }
  }

  private device(address: string): DocumentReference {
    return this.options.db.collection(COLLECTIONS.devices).doc(addressId(address));
  }

  private user(uid: string): DocumentReference {
    return this.options.db.collection(COLLECTIONS.users).doc(uid);
  }
}

/** The topics of a renewed address: those of the former one, and those it has itself if it was the user's already. */
function union(
  former: readonly string[],
  known: DeviceDocument | undefined,
  uid: string,
): readonly string[] {
  return [...new Set([...(known?.uid === uid ? (known.topics ?? []) : []), ...former])];
}

function isUnset(value: unknown): boolean {
  return typeof value !== 'string' || value === '';
}
