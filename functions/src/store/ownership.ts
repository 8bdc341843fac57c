/**
 * Who owns which address: `devices/{sha256(address)}` and the owner's `users/{uid}.tokens`, always changed together.
 *
 * Invariant: whatever is committed here leaves a device in one array at most, that of the owner on its one record.
 */
import {
  FieldValue,
  Timestamp,
  type DocumentReference,
  type Firestore,
  type Transaction,
} from '@google-cloud/firestore';
import { addressId, addressKind, fingerprint, type AddressKind } from '../providers/address';
import { withoutUndefined } from '../providers/without-undefined';
import { ClaimReader, type FoundRecord, type Holder } from './claims';
import { decide, oneMoreTakeover, type Claimant } from './contest';
import { factsOf, isReturning, ownerFields, replacedBy, topicsOf } from './owner-fields';
import { AnonymousTakeoverError, TokensFieldError, TooManyTakeoversError } from './refusals';
import { COLLECTIONS, type DeviceDocument, type UserDocument } from './schema';
import { serverMillis } from './server-time';
import { canHoldAddresses, entriesOfDevice, swapIn, tokenList } from './token-list';
import { changeTokens } from './token-writes';
import { transact } from './transact';

/** What an app tells about the device it runs on. */
export type DeviceFacts = {
  readonly [
    Fact in
      'platform' | 'appId' | 'appVersion' | 'locale' | 'timeZone' | 'environment' | 'experienceId'
  ]?: DeviceDocument[Fact] | undefined;
};

export interface Registration {
  /** In normal spelling. */
  readonly address: string;
  readonly facts: DeviceFacts;
  /** The device's former address: it goes in the same step, if it is the caller's. */
  readonly replaces?: string | undefined;
  /** Whether the caller's account is anonymous: it then takes nothing from others. */
  readonly isAnonymous?: boolean;
}

export interface Registered {
  /** What names the device now: the address, or the FID of its installation if the caller has that registered. */
  readonly address: string;
  readonly kind: AddressKind;
  /** Users who lost the device by this. */
  readonly takenFrom: readonly string[];
  /** Whether the former address was the caller's, and is gone now. */
  readonly replaced: boolean;
  /** Addresses in the caller's array afterwards. */
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

/** Addresses that came into or left an array, in normal spelling. */
export interface ListedChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** When that was, ms since 1970. Left out where nobody knows. */
  readonly writtenAt?: number | undefined;
}

export interface OwnershipOptions {
  readonly db: Firestore;
  readonly now: () => number;
  /** Addresses that one user may take from others within a day. */
  readonly maxTakeoversPerDay: number;
}

export class Ownership {
  private readonly options: OwnershipOptions;
  private readonly claims: ClaimReader;

  constructor(options: OwnershipOptions) {
    this.options = options;
    this.claims = new ClaimReader(options.db);
  }

  /**
   * Makes a device the user's and nobody else's, in one transaction. Idempotent.
   *
   * Of two addresses of one installation the FID stays; of two tokens the one registered last.
   *
   * @throws {TokensFieldError} if the user's `tokens` is no array.
   * @throws {TooManyTakeoversError} if it is another's and the caller took too many today.
   * @throws {AnonymousTakeoverError} if it is another's and the caller is anonymous.
   */
  async register(uid: string, registration: Registration): Promise<Registered> {
    const { facts, replaces } = registration;
    const former = replaces === registration.address ? undefined : replaces;
    return transact(this.options.db, async (transaction) => {
      const refs = [registration.address, ...(former === undefined ? [] : [former])].map((each) =>
        this.device(each),
      );
      const [user, asked, old] = await transaction.getAll(this.user(uid), ...refs);
      const owner = (user?.data() ?? {}) as UserDocument;
      if (!canHoldAddresses(owner.tokens)) throw new TokensFieldError(owner.tokens);
      const swap = swapIn(owner.tokens, registration.address, former);
      const { address } = swap;
      const device =
        address === registration.address && asked !== undefined
          ? asked
          : await transaction.get(this.device(address));
      const known = device.data() as DeviceDocument | undefined;
      // The token of a FID that is the user's can be another's all the same, from before an installation was one device.
      const isForeignToken = asked?.exists === true && asked.get('uid') !== uid;
      const { own, foreign, holders } = isForeignToken
        ? await this.claims.read(transaction, uid, registration.address, asked)
        : await this.claims.read(transaction, uid, address, device);

      // The clock is read in here: a transaction that had to wait is as late as it is.
      const now = this.options.now();
      const isTakeover = holders.length > 0;
      const base = known?.uid === uid ? known : (foreign[0] ?? own[0])?.data;
      const isFree = !isTakeover || isReturning(base, uid, now);
      if (!isFree && registration.isAnonymous === true) throw new AnonymousTakeoverError();
      const takeovers = this.allowed(owner, address, !isFree, now);
      if (takeovers === 'too-many') {
        throw new TooManyTakeoversError(this.options.maxTakeoversPerDay);
      }
      changeTokens(transaction, this.user(uid), swap, {
        ...(isUnset(owner.locale) && facts.locale ? { locale: facts.locale } : {}),
        ...(isUnset(owner.timeZone) && facts.timeZone ? { timeZone: facts.timeZone } : {}),
        ...takeovers,
      });
      this.takeFrom(transaction, holders);
      const formerRecord = old?.get('uid') === uid ? [old.data() as DeviceDocument] : [];
      if (old !== undefined && formerRecord.length > 0) transaction.delete(old.ref);
      const others = this.drop(transaction, [...own, ...foreign], address);
      const superseded =
        asked !== undefined && asked.id !== device.id && asked.get('uid') === uid
          ? [asked.data() as DeviceDocument]
          : [];
      if (superseded.length > 0 && asked !== undefined) transaction.delete(asked.ref);

      const kind = addressKind(address) ?? 'fcm';
      const mine = [...(known?.uid === uid ? [known] : []), ...others, ...superseded].filter(
        (record) => record.uid === uid,
      );
      const isReplacing = formerRecord.length > 0 || swap.hadFormer;
      const replaced = replacedBy(
        address,
        [
          ...(isReplacing && former !== undefined ? [former] : []),
          ...swap.gone,
          ...mine.map((record) => record.address),
        ],
        [...formerRecord, ...mine],
      );
      const hasTopicsToKeep = formerRecord.length + others.length + superseded.length > 0;
      transaction.set(
        device.ref,
        {
          ...(known?.uid === uid ? {} : factsOf(others.find((record) => record.uid === uid))),
          ...ownerFields({
            uid,
            address,
            kind,
            known: base,
            refreshedAt: FieldValue.serverTimestamp(),
            isTakeover,
            now,
          }),
          ...withoutUndefined(facts),
          ...(hasTopicsToKeep ? { topics: topicsOf([...mine, ...formerRecord]) } : {}),
          ...(replaced.length > 0 ? { replaces: replaced } : {}),
          refreshedBy: 'call',
        },
        { merge: known?.uid === uid },
      );
      return {
        address,
        kind,
        takenFrom: holders.map((holder) => holder.uid),
        replaced: isReplacing,
        listed: swap.listed,
      };
    });
  }

  /**
   * Takes a device from the user, under whatever address and spelling they have it; true if it was there. One that is by now
   * someone else's stays theirs.
   */
  async unregister(uid: string, address: string): Promise<boolean> {
    return transact(this.options.db, async (transaction) => {
      const [user, device] = await transaction.getAll(this.user(uid), this.device(address), {
        fieldMask: ['uid', 'tokens'],
      });
      const entries = entriesOfDevice(user?.get('tokens'), address);
      const isOwned = device?.get('uid') === uid;
      const isUsual = isOwned && entries.every((entry) => entry === address);
      const others = isUsual ? [] : await this.claims.otherRecords(transaction, address);
      const own = others.filter(({ data }) => data.uid === uid);
      changeTokens(transaction, this.user(uid), { remove: entries, add: [] });
      if (isOwned && device !== undefined) transaction.delete(device.ref);
      for (const { ref } of own) transaction.delete(ref);
      return entries.length > 0 || isOwned || own.length > 0;
    });
  }

  /**
   * Which of the addresses that came into or left an array need {@link settle}: one read each, no lock.
   *
   * Skipping the others is safe. An added address whose record is the user's, and not older than the array, and a removed one
   * whose record is not, are consistent now; whatever changes that later is an event of its own.
   */
  async unsettled(uid: string, change: ListedChange): Promise<string[]> {
    const addresses = [...change.added, ...change.removed];
    if (addresses.length === 0) return [];
    const refs = addresses.map((address) => this.device(address));
    const records = await this.options.db.getAll(...refs, { fieldMask: ['uid'] });
    return addresses.filter((_address, index) => {
      const record = records[index];
      const isOwned = record?.get('uid') === uid;
      if (index >= change.added.length) return isOwned;
      // One that an app took out and put in again is written later than its record, which does not know of that yet.
      const isOlder =
        record?.updateTime !== undefined &&
        change.writtenAt !== undefined &&
        serverMillis(record.updateTime) < change.writtenAt;
      return !isOwned || isOlder;
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
      if (user === undefined || device === undefined) return { kind: 'nothing' };
      const owner = (user.data() ?? {}) as UserDocument;
      const known = device.data() as DeviceDocument | undefined;
      if (!tokenList(owner.tokens).addresses.includes(address)) {
        if (known?.uid !== uid) return { kind: 'nothing' };
        transaction.delete(device.ref);
        return { kind: 'released' };
      }
      if (known?.uid === uid) {
        // It came in again: whoever found it dead before that is not to prune it.
        const { writtenAt } = options;
        if (writtenAt !== undefined && writtenAt > known.refreshedAt.toMillis()) {
          transaction.update(device.ref, { refreshedAt: Timestamp.fromMillis(writtenAt) });
        }
        return { kind: 'nothing' };
      }
      const { own, foreign, rivals, holders } = await this.claims.read(
        transaction,
        uid,
        address,
        device,
      );
      const rival = foreign[0]?.data;
      const unknownTime =
        rival === undefined
          ? (user.updateTime?.toMillis() ?? 0)
          : (own[0]?.data.refreshedAt.toMillis() ?? -Infinity);
      const claimant: Claimant = { uid, writtenAt: options.writtenAt ?? unknownTime };
      const verdict = decide({
        claimant,
        owner: rival && { uid: rival.uid, refreshedAt: rival.refreshedAt.toMillis() },
        rivals,
      });
      if (verdict.kind === 'kept') return { kind: 'nothing' };

      const now = this.options.now();
      const isWon = verdict.kind === 'won';
      const base = (foreign[0] ?? own[0])?.data;
      // Where times are unknown, the array is older than the rules of this backend: nobody is taking anything.
      const isCounted =
        isWon &&
        holders.length > 0 &&
        options.writtenAt !== undefined &&
        !isReturning(base, uid, now);
      const takeovers = this.allowed(owner, address, isCounted, now);
      const isRefused = takeovers === 'too-many';
      if (isRefused || !isWon) {
        const remove = entriesOfDevice(owner.tokens, address);
        changeTokens(transaction, this.user(uid), { remove, add: [] });
        for (const { ref } of own) transaction.delete(ref);
        if (isRefused) return { kind: 'refused' };
      } else {
        changeTokens(transaction, this.user(uid), { remove: [], add: [] }, takeovers);
        this.drop(transaction, [...own, ...foreign], address);
      }
      const winner = isWon ? claimant : verdict.winner;
      this.takeFrom(
        transaction,
        holders.filter((holder) => holder.uid !== winner.uid),
      );
      if (isWon || rival === undefined) {
        // A rival may know the device by another of its addresses.
        const theirs = holders.find((holder) => holder.uid === winner.uid)?.address ?? address;
        const mine = own.filter(({ data }) => data.uid === winner.uid).map(({ data }) => data);
        const replaced = replacedBy(
          theirs,
          mine.map((record) => record.address),
          mine,
        );
        transaction.set(this.device(theirs), {
          ...factsOf(mine[0]),
          ...ownerFields({
            uid: winner.uid,
            address: theirs,
            kind: addressKind(theirs) ?? 'fcm',
            known: base,
            refreshedAt: Timestamp.fromMillis(options.refreshedAt ?? winner.writtenAt),
            isTakeover: holders.length > 0,
            now,
          }),
          topics: topicsOf(mine),
          ...(replaced.length > 0 ? { replaces: replaced } : {}),
          refreshedBy: mine[0]?.refreshedBy ?? 'array',
        });
      }
      return isWon
        ? { kind: 'claimed', from: holders.map((holder) => holder.uid) }
        : { kind: 'lost' };
    });
  }

  /** The counter as it is to be written, nothing if nothing is counted, or `too-many`. */
  private allowed(
    user: UserDocument,
    address: string,
    isCounted: boolean,
    now: number,
  ): Pick<UserDocument, 'takeovers'> | 'too-many' {
    if (!isCounted) return {};
    const sofar = user.takeovers && {
      ...user.takeovers,
      since: user.takeovers.since.toMillis(),
    };
    const max = this.options.maxTakeoversPerDay;
    const next = oneMoreTakeover(sofar, fingerprint(address), now, max);
    if (next === undefined) return 'too-many';
    if (next === sofar) return {};
    const { count, since, addresses = [] } = next;
    return { takeovers: { count, since: Timestamp.fromMillis(since), addresses } };
  }

  /** Deletes records of a device's other addresses; what they were. The address's own record is written anew. */
  private drop(
    transaction: Transaction,
    records: readonly FoundRecord[],
    address: string,
  ): readonly DeviceDocument[] {
    const others = records.filter(({ ref }) => ref.id !== addressId(address));
    for (const { ref } of others) transaction.delete(ref);
    return others.map(({ data }) => data);
  }

  private takeFrom(transaction: Transaction, holders: readonly Holder[]): void {
    for (const { uid, entries } of holders) {
      changeTokens(transaction, this.user(uid), { remove: entries, add: [] });
    }
  }

  private device(address: string): DocumentReference {
    return this.options.db.collection(COLLECTIONS.devices).doc(addressId(address));
  }

  private user(uid: string): DocumentReference {
    return this.options.db.collection(COLLECTIONS.users).doc(uid);
  }
}

function isUnset(value: unknown): boolean {
  return typeof value !== 'string' || value === '';
}
