/**
 * Registers a device: one transaction over its user, its record, and whoever else has it.
 */
import { FieldValue, type DocumentSnapshot } from '@google-cloud/firestore';
import { addressKind, type AddressKind } from '../model/address';
import { withoutUndefined } from '../model/without-undefined';
import type { Handover } from './handover';
import { claimTimes, judgeClaim } from './import-claim';
import { factsOf, isReturning, ownerFields, replacedBy, topicsOf } from './owner-fields';
import { AnonymousTakeoverError, TokensFieldError, TooManyTakeoversError } from './refusals';
import { deviceRecord } from './device-record';
import type { DeviceDocument } from './device-document';
import type { UserDocument } from '../store/user-document';
import { canHoldAddresses, swapIn } from './token-list';
import { changeTokens } from './token-writes';
import { transact } from '../store/transact';

/** What an app tells about the device it runs on. */
export type DeviceFacts = {
  readonly [
    Fact in
      'platform' | 'appId' | 'appVersion' | 'locale' | 'timeZone' | 'environment' | 'experienceId'
  ]?: DeviceDocument[Fact] | undefined;
};

export interface Registration {
  readonly address: string;
  readonly facts: DeviceFacts;
  /** The device's former address: it goes in the same step, if it is the caller's. */
  readonly replaces?: string | undefined;
  /** Whether the caller's account is anonymous: it then takes nothing from others. */
  readonly isAnonymous?: boolean;
  /**
   * When the user's app wrote the address into a document of its own, ms since 1970: nothing happens if another user claimed it
   * since. Default: the app calls now.
   */
  readonly writtenAt?: number | undefined;
  /** With `writtenAt`: when the device counts as refreshed, by a backfill, which counts as no takeover. Default: `writtenAt`. */
  readonly refreshedAt?: number | undefined;
}

export interface Registered {
  /** With `writtenAt`, nothing may have to be done: `kept` is the user's already, `lost` was claimed by another user since. */
  readonly outcome: 'registered' | 'kept' | 'lost';
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

/** See `Ownership.register`. */
export async function register(
  handover: Handover,
  uid: string,
  registration: Registration,
): Promise<Registered> {
  const { facts, replaces, writtenAt } = registration;
  const former = replaces === registration.address ? undefined : replaces;
  return transact(handover.collections.db, async (transaction) => {
    const [user, asked, old] = (await transaction.getAll(
      handover.collections.user(uid),
      handover.collections.device(registration.address),
      ...(former === undefined ? [] : [handover.collections.device(former)]),
    )) as [DocumentSnapshot, DocumentSnapshot, DocumentSnapshot | undefined];
    const owner = (user.data() ?? {}) as UserDocument;
    const tokens = handover.collections.tokensOf(user);
    if (!canHoldAddresses(tokens)) {
      throw new TokensFieldError(tokens, handover.collections.names);
    }
    const swap = swapIn(tokens, registration.address, former);
    const { address } = swap;
    const device =
      address === registration.address
        ? asked
        : await transaction.get(handover.collections.device(address));
    const known = deviceRecord(device);
    // The token of a FID that is the user's can be another's all the same, from before an installation was one device.
    const isForeignToken = asked.exists && asked.get('uid') !== uid;
    const { own, foreign, rivals, holders } = isForeignToken
      ? await handover.claims.read(transaction, uid, registration.address, asked)
      : await handover.claims.read(transaction, uid, address, device);
    const kind = addressKind(address) ?? 'fcm';
    if (writtenAt !== undefined) {
      const others = foreign.map(({ data }) => data);
      const outcome = judgeClaim({ uid, writtenAt, known, foreign: others, rivals });
      const isSettled = outcome === 'kept' && swap.remove.length + swap.add.length === 0;
      if (outcome === 'lost' || isSettled) {
        return { outcome, address, kind, takenFrom: [], replaced: false, listed: swap.listed };
      }
    }

    // The clock is read in here: a transaction that had to wait is as late as it is.
    const now = handover.now();
    const isTakeover = holders.length > 0;
    const base = known?.uid === uid ? known : (foreign[0] ?? own[0])?.data;
    const isBackfill = registration.refreshedAt !== undefined;
    const isFree = !isTakeover || isReturning(base, uid, now) || isBackfill;
    if (!isFree && registration.isAnonymous === true) throw new AnonymousTakeoverError();
    const takeovers = handover.counted(owner, address, !isFree, now);
    if (takeovers === 'too-many') {
      throw new TooManyTakeoversError(handover.maxTakeoversPerDay);
    }
    changeTokens(handover.collections, transaction, handover.collections.user(uid), swap, {
      ...(isUnset(owner.locale) && facts.locale ? { locale: facts.locale } : {}),
      ...(isUnset(owner.timeZone) && facts.timeZone ? { timeZone: facts.timeZone } : {}),
      ...takeovers,
    });
    handover.takeFrom(transaction, holders);
    const formerRecord = old === undefined ? [] : ofUser(old, uid);
    if (old !== undefined && formerRecord.length > 0) transaction.delete(old.ref);
    const others = handover.dropOthers(transaction, [...own, ...foreign], address);
    const superseded = asked.id === device.id ? [] : ofUser(asked, uid);
    if (superseded.length > 0) transaction.delete(asked.ref);

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
    const { refreshedAt, ...imported } =
      writtenAt === undefined
        ? { refreshedAt: FieldValue.serverTimestamp() }
        : claimTimes(writtenAt, registration.refreshedAt ?? writtenAt, base);
    const isByCall =
      writtenAt === undefined || mine.some((record) => record.refreshedBy === 'call');
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
          refreshedAt,
          isTakeover,
          now,
        }),
        ...withoutUndefined(facts),
        ...(hasTopicsToKeep ? { topics: topicsOf([...mine, ...formerRecord]) } : {}),
        ...(replaced.length > 0 ? { replaces: replaced } : {}),
        ...imported,
        refreshedBy: isByCall ? 'call' : 'array',
      },
      { merge: known?.uid === uid },
    );
    return {
      outcome: 'registered',
      address,
      kind,
      takenFrom: holders.map((holder) => holder.uid),
      replaced: isReplacing,
      listed: swap.listed,
    };
  });
}

/** The record, if it is the user's. */
function ofUser(device: DocumentSnapshot, uid: string): DeviceDocument[] {
  const record = deviceRecord(device);
  return record?.uid === uid ? [record] : [];
}

function isUnset(value: unknown): boolean {
  return typeof value !== 'string' || value === '';
}
