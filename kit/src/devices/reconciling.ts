/**
 * Settles what apps wrote into their users' arrays: records and arrays agree again, by the present state.
 */
import { Timestamp, type DocumentSnapshot } from '@google-cloud/firestore';
import { addressKind } from '../model/address';
import { decide, type Claimant } from './contest';
import type { Handover } from './handover';
import { factsOf, isReturning, ownerFields, replacedBy, topicsOf } from './owner-fields';
import { deviceRecord } from './device-record';
import type { UserDocument } from '../store/user-document';
import { serverMillis } from '../store/server-time';
import { entriesOfDevice, tokenList } from './token-list';
import { changeTokens } from './token-writes';
import { transact } from '../store/transact';

/** What became of an address that an app wrote into, or took out of, its user's array. */
export type Reconciled =
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

export interface ReconcileOptions {
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

/** See `Ownership.unreconciled`. */
export async function unreconciled(
  handover: Handover,
  uid: string,
  change: ListedChange,
): Promise<string[]> {
  const addresses = [...change.added, ...change.removed];
  if (addresses.length === 0) return [];
  const refs = addresses.map((address) => handover.collections.device(address));
  const records = await handover.collections.db.getAll(...refs, { fieldMask: ['uid'] });
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

/** See `Ownership.reconcile`. */
export async function reconcile(
  handover: Handover,
  uid: string,
  address: string,
  options: ReconcileOptions,
): Promise<Reconciled> {
  return transact(handover.collections.db, async (transaction) => {
    const [user, device] = (await transaction.getAll(
      handover.collections.user(uid),
      handover.collections.device(address),
    )) as [DocumentSnapshot, DocumentSnapshot];
    const owner = (user.data() ?? {}) as UserDocument;
    const tokens = handover.collections.tokensOf(user);
    const known = deviceRecord(device);
    if (!tokenList(tokens).addresses.includes(address)) {
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
    const { own, foreign, rivals, holders } = await handover.claims.read(
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

    const now = handover.now();
    const isWon = verdict.kind === 'won';
    const base = (foreign[0] ?? own[0])?.data;
    // Where times are unknown, the array is older than the rules of this backend: nobody is taking anything.
    const isCounted =
      isWon &&
      holders.length > 0 &&
      options.writtenAt !== undefined &&
      !isReturning(base, uid, now);
    const takeovers = handover.counted(owner, address, isCounted, now);
    const isRefused = takeovers === 'too-many';
    if (isRefused || !isWon) {
      const remove = entriesOfDevice(tokens, address);
      changeTokens(handover.collections, transaction, handover.collections.user(uid), {
        remove,
        add: [],
      });
      for (const { ref } of own) transaction.delete(ref);
      if (isRefused) return { kind: 'refused' };
    } else {
      changeTokens(
        handover.collections,
        transaction,
        handover.collections.user(uid),
        { remove: [], add: [] },
        takeovers,
      );
      handover.dropOthers(transaction, [...own, ...foreign], address);
    }
    const winner = isWon ? claimant : verdict.winner;
    handover.takeFrom(
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
      transaction.set(handover.collections.device(theirs), {
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
