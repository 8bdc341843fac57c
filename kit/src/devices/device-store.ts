/**
 * Device records that have come to their end: addresses that a provider called dead, and devices not refreshed for long.
 */
import {
  FieldPath,
  FieldValue,
  Timestamp,
  type DocumentSnapshot,
  type Transaction,
} from '@google-cloud/firestore';
import { addressId, normaliseAddress } from '../model/address';
import { deviceRecord, timeOf } from './device-record';
import type { Collections } from '../store/collections';
import type { DeviceDocument } from './device-document';
import { serverMillis } from '../store/server-time';
import { entriesOf } from './token-list';
import { changeTokens } from './token-writes';
import { transact } from '../store/transact';

/** Addresses per transaction: far below Firestore's limits, so that contention is cheap to retry. */
const PRUNE_BATCH = 100;
/** Devices of one user that are looked at; more than `MAX_ADDRESSES_PER_USER` ever allows in practice. */
const MAX_DEVICES = 400;
/**
 * How long the trigger that hears of a write to an array may take, ms. It takes seconds; what came into the array before so
 * long is on the device's record.
 */
const TRIGGER_LAG_MS = 60_000;
const FIELDS = ['uid', 'refreshedAt', 'foundDeadAt'] as const;

export interface PruneResult {
  readonly pruned: readonly string[];
  /** Registered again since the send began, or perhaps so: alive after all, or found dead by the next push. */
  readonly kept: readonly string[];
}

export type StaleDevice = Pick<DeviceDocument, 'uid' | 'address' | 'refreshedAt'>;

type Fate = 'pruned' | 'kept';

/** What is known of one address and its owner at one moment. */
interface Situation {
  readonly user: DocumentSnapshot;
  /** What stands in the user's list of addresses. */
  readonly tokens: unknown;
  /** The user's records of the address, and of spellings of it that older versions kept beside it. */
  readonly records: readonly DocumentSnapshot[];
}

/** `mark`: kept, and noted, so that the next push does not have to keep it again. */
type Judgement = Fate | 'mark';

export class DeviceStore {
  private readonly collections: Collections;
  /** Prunes under way in this instance, by user and address: a dead device is found by every push to it. */
  private readonly underWay = new Map<string, Promise<ReadonlyMap<string, Fate>>>();

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /**
   * Removes dead addresses of one user, in every spelling in which they stand there, with their device records.
   *
   * Keeps an address whose record was written after `sendBegan`, or whose user was and it still stands there: the answer may be
   * older than that. Writes nothing, and locks nothing, where the address is gone already: of a hundred pushes to one dead
   * device one prunes it. The same prune that is under way already is joined.
   *
   * @param sendBegan ms since 1970 by Firestore's clock: when the user was read (`RecipientRecord.readAt`).
   */
  async prune(uid: string, addresses: readonly string[], sendBegan: number): Promise<PruneResult> {
    // A user id has no slash, so that no two pairs have one key.
    const keyOf = (address: string) => `${uid}/${address}`;
    const fresh = addresses.filter((address) => !this.underWay.has(keyOf(address)));
    if (fresh.length > 0) {
      const run = this.pruneFresh(uid, fresh, sendBegan).finally(() => {
        for (const address of fresh) this.underWay.delete(keyOf(address));
      });
      for (const address of fresh) this.underWay.set(keyOf(address), run);
    }
    const fates = await Promise.all(
      addresses.map(async (address) => (await this.underWay.get(keyOf(address)))?.get(address)),
    );
    const fateOf = (index: number) => fates[index] ?? 'kept';
    return {
      pruned: addresses.filter((_address, index) => fateOf(index) === 'pruned'),
      kept: addresses.filter((_address, index) => fateOf(index) === 'kept'),
    };
  }

  /**
   * Removes stale devices of one user as {@link prune} does.
   *
   * Keeps those refreshed at `before` (ms since 1970) or later.
   */
  async dropStale(uid: string, addresses: readonly string[], before: number): Promise<PruneResult> {
    const fates = await this.inBatches(addresses, (batch) =>
      this.removing(uid, batch, (_address, { records }) => {
        const isRefreshed = records.some((record) => {
          const refreshedAt = timeOf(record.get('refreshedAt'));
          return refreshedAt !== undefined && refreshedAt.toMillis() >= before;
        });
        return isRefreshed ? 'kept' : 'pruned';
      }),
    );
    const of = (fate: Fate) => addresses.filter((address) => fates.get(address) === fate);
    return { pruned: of('pruned'), kept: of('kept') };
  }

  /**
   * Devices last refreshed earlier than `before` (ms since 1970), the stalest first, at most `limit`.
   *
   * @param after the last device of the page before: where this one begins.
   */
  async stale(
    refreshedBy: DeviceDocument['refreshedBy'],
    before: number,
    limit: number,
    after?: StaleDevice,
  ): Promise<StaleDevice[]> {
    const query = this.collections.devices
      .where('refreshedBy', '==', refreshedBy)
      .where('refreshedAt', '<', Timestamp.fromMillis(before))
      .orderBy('refreshedAt')
      .orderBy(FieldPath.documentId())
      .select('uid', 'address', 'refreshedAt');
    const stale: StaleDevice[] = [];
    let last: readonly unknown[] | undefined =
      after === undefined ? undefined : [after.refreshedAt, addressId(after.address)];
    // What is no record is passed over, and must not make a page look like the last.
    for (;;) {
      const wanted = limit - stale.length;
      const page = last === undefined ? query : query.startAfter(...last);
      const { docs } = await page.limit(wanted).get();
      stale.push(...docs.flatMap((found) => deviceRecord(found) ?? []));
      if (docs.length < wanted || stale.length === limit) return stale;
      const end = docs.at(-1);
      last = [end?.get('refreshedAt'), end?.id];
    }
  }

  /**
   * What became of addresses that the user's apps replaced: fingerprint of the former → the present address. One query.
   *
   * A replacement of a replacement is followed, as far as records remember: five addresses back.
   */
  async replacementsOf(
    uid: string,
    fingerprints: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, string>> {
    const found = await this.collections.devices
      .where('uid', '==', uid)
      .select('uid', 'address', 'replaces')
      .limit(MAX_DEVICES)
      .get();
    const present = new Map<string, string>();
    for (const device of found.docs) {
      const { address, replaces = [] } = deviceRecord(device) ?? {};
      if (address === undefined) continue;
      for (const former of replaces) {
        if (fingerprints.has(former)) present.set(former, address);
      }
    }
    return present;
  }

  private async pruneFresh(
    uid: string,
    addresses: readonly string[],
    sendBegan: number,
  ): Promise<ReadonlyMap<string, Fate>> {
    return this.inBatches(addresses, async (batch) => {
      const refs = batch.map((address) => this.collections.device(address));
      const [user, ...records] = await this.collections.db.getAll(
        this.collections.user(uid),
        ...refs,
        {
          fieldMask: ['uid', this.collections.names.tokensField],
        },
      );
      const isThere = (address: string, index: number) =>
        records[index]?.get('uid') === uid ||
        entriesOf(this.collections.tokensOf(user), address).length > 0;
      const left = batch.filter((address, index) => isThere(address, index));
      const gone = batch.filter((address) => !left.includes(address));
      const fates = new Map<string, Fate>(gone.map((address) => [address, 'pruned']));
      if (left.length === 0) return fates;
      const judged = await this.removing(uid, left, (address, situation) =>
        judge(address, situation, sendBegan),
      );
      return new Map([...fates, ...judged]);
    });
  }

  private async inBatches(
    addresses: readonly string[],
    remove: (batch: readonly string[]) => Promise<ReadonlyMap<string, Fate>>,
  ): Promise<ReadonlyMap<string, Fate>> {
    const fates = new Map<string, Fate>();
    for (let start = 0; start < addresses.length; start += PRUNE_BATCH) {
      const batch = addresses.slice(start, start + PRUNE_BATCH);
      for (const [address, fate] of await remove(batch)) fates.set(address, fate);
    }
    return fates;
  }

  /** One transaction over one user and some addresses, each judged by what is there then. */
  private async removing(
    uid: string,
    addresses: readonly string[],
    judgeOne: (address: string, situation: Situation) => Judgement,
  ): Promise<ReadonlyMap<string, Fate>> {
    return transact(this.collections.db, async (transaction) => {
      const user = await transaction.get(this.collections.user(uid));
      const tokens = this.collections.tokensOf(user);
      const spellings = addresses.map((raw) => {
        const address = normaliseAddress(raw) ?? raw;
        return { raw, address, entries: entriesOf(tokens, address) };
      });
      const records = await this.recordsOf(
        transaction,
        spellings.flatMap(({ raw, address, entries }) => [raw, address, ...entries]),
      );
      const fates = new Map<string, Fate>();
      const remove = new Set<string>();
      for (const { raw, address, entries } of spellings) {
        const own = [...new Set([raw, address, ...entries])]
          .map((spelling) => records.get(addressId(spelling)))
          .filter((record) => record?.get('uid') === uid) as DocumentSnapshot[];
        const judgement = judgeOne(address, { user, tokens, records: own });
        fates.set(raw, judgement === 'mark' ? 'kept' : judgement);
        if (judgement === 'mark') {
          for (const { ref } of own) {
            transaction.update(ref, { foundDeadAt: FieldValue.serverTimestamp() });
          }
        }
        if (judgement !== 'pruned') continue;
        for (const entry of entries) remove.add(entry);
        for (const { ref } of own) transaction.delete(ref);
      }
      changeTokens(this.collections, transaction, user.ref, { remove: [...remove], add: [] });
      return fates;
    });
  }

  private async recordsOf(
    transaction: Transaction,
    spellings: readonly string[],
  ): Promise<ReadonlyMap<string, DocumentSnapshot>> {
    const refs = [...new Set(spellings)].map((spelling) => this.collections.device(spelling));
    const found = await transaction.getAll(...refs, { fieldMask: [...FIELDS] });
    return new Map(found.map((record) => [record.id, record]));
  }
}

/**
 * Whether an address that was called dead for a send may go, by Firestore's times alone.
 *
 * A record that was written since the send began speaks for a live device. An app that takes the address out of its user's array
 * and puts it in again writes only the user, and the record follows once the trigger has heard of that. So while the user is
 * newer than the send the address stays; the next push settles it. A user who is written all the time would keep it for ever:
 * therefore the first such moment is noted on the record, and counts once the trigger has had time to say otherwise.
 */
function judge(
  address: string,
  { user, tokens, records }: Situation,
  sendBegan: number,
): Judgement {
  const isLater = (snapshot: DocumentSnapshot) =>
    snapshot.updateTime !== undefined && serverMillis(snapshot.updateTime) > sendBegan;
  const foundDeadAt = records.map((record) => foundDead(record)).find((time) => time !== undefined);
  const isKnownDead = foundDeadAt !== undefined && sendBegan - foundDeadAt >= TRIGGER_LAG_MS;
  if (records.some(isLater)) return 'kept';
  const isListed = entriesOf(tokens, address).length > 0;
  if (!isListed || !isLater(user) || isKnownDead) return 'pruned';
  return records.length > 0 && foundDeadAt === undefined ? 'mark' : 'kept';
}

/** When the address was noted as dead, ms since 1970, unless its device was refreshed since. */
function foundDead(record: DocumentSnapshot): number | undefined {
  const foundDeadAt = timeOf(record.get('foundDeadAt'));
  const refreshedAt = timeOf(record.get('refreshedAt'));
  if (foundDeadAt === undefined) return undefined;
  const isRefuted = refreshedAt !== undefined && refreshedAt.toMillis() >= foundDeadAt.toMillis();
  return isRefuted ? undefined : serverMillis(foundDeadAt);
}
