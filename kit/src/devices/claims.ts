/**
 * Finds everybody who has a device, under whatever address and spelling: what a change of owner has to take along.
 *
 * It reads within a transaction, and only where the address is not the user's on record already; then nobody else can have it.
 */
import {
  FieldPath,
  type DocumentReference,
  type DocumentSnapshot,
  type Transaction,
} from '@google-cloud/firestore';
import { addressId, deviceKey, installationOf, otherSpellings } from '../model/address';
import type { Claimant } from './contest';
import { deviceRecord } from './device-record';
import type { Collections } from '../store/collections';
import type { DeviceDocument } from './device-document';
import { entriesOfDevice, tokenList } from './token-list';

/** Rivals looked at in one transaction; only a token that is older than this backend can have any. */
const MAX_RIVALS = 400;
/** Records of one installation; one, unless they are older than the rule that an installation is one device. */
const MAX_RECORDS = 50;

/** A device record that stands in the way, or goes along. */
export interface FoundRecord {
  readonly ref: DocumentReference;
  readonly data: DeviceDocument;
}

/** Somebody else whose array holds the device. */
export interface Holder {
  readonly uid: string;
  /** The entries of their array that name it, exactly as they stand there. */
  readonly entries: readonly string[];
  /** Their address of it. */
  readonly address: string;
}

export interface Claims {
  /** The user's own records of the device's other addresses, the latest refreshed first. */
  readonly own: readonly FoundRecord[];
  /** Other users' records of the device, the latest refreshed first. */
  readonly foreign: readonly FoundRecord[];
  /** Those whose arrays hold it although nobody owns it on record. */
  readonly rivals: readonly Claimant[];
  /** Whose arrays it has to leave when the user gets it. */
  readonly holders: readonly Holder[];
}

const NONE: Claims = { own: [], foreign: [], rivals: [], holders: [] };

export class ClaimReader {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** Everything that speaks for or against the user's owning the address. `device`: its record as read. */
  async read(
    transaction: Transaction,
    uid: string,
    address: string,
    device: DocumentSnapshot,
  ): Promise<Claims> {
    if (device.get('uid') === uid) return NONE;
    const others = await this.otherRecords(transaction, address);
    const records = [...found(device), ...others].sort(
      (a, b) => b.data.refreshedAt.toMillis() - a.data.refreshedAt.toMillis(),
    );
    const own = records.filter(({ data }) => data.uid === uid);
    const foreign = records.filter(({ data }) => data.uid !== uid);
    if (records.length > 0) {
      const holders = await this.holdersOf(transaction, address, foreign);
      return { own, foreign, rivals: [], holders };
    }
    const listing = await this.listing(transaction, address);
    const rivals = listing.filter((user) => user.id !== uid);
    return {
      own,
      foreign,
      rivals: rivals.map((user) => ({
        uid: user.id,
        writtenAt: user.updateTime?.toMillis() ?? 0,
      })),
      holders: rivals.flatMap((user) => this.holder(user, address)),
    };
  }

  /**
   * Records of the same device under its other addresses and spellings: no read for a token that names no installation, one or
   * two for one that does.
   */
  async otherRecords(transaction: Transaction, address: string): Promise<FoundRecord[]> {
    const installation = installationOf(address);
    const others = otherSpellings(address);
    if (installation !== undefined && installation !== address) others.push(installation);
    const refs = others.map((other) => this.collections.device(other));
    const [documents, tokens] = await Promise.all([
      refs.length === 0 ? [] : transaction.getAll(...refs),
      installation === undefined ? [] : this.tokensOf(transaction, installation),
    ]);
    return [...documents, ...tokens]
      .filter((record) => record.id !== addressId(address))
      .flatMap(found);
  }

  private async tokensOf(
    transaction: Transaction,
    installation: string,
  ): Promise<DocumentSnapshot[]> {
    // A semicolon comes after a colon: what lies between begins with the installation and a colon.
    const tokens = this.collections.devices
      .where('address', '>=', `${installation}:`)
      .where('address', '<', `${installation};`)
      .limit(MAX_RECORDS);
    return (await transaction.get(tokens)).docs;
  }

  private async holdersOf(
    transaction: Transaction,
    address: string,
    foreign: readonly FoundRecord[],
  ): Promise<Holder[]> {
    const uids = [...new Set(foreign.map(({ data }) => data.uid))];
    if (uids.length === 0) return [];
    const refs = uids.map((uid) => this.collections.user(uid));
    const users = await transaction.getAll(...refs, {
      fieldMask: [this.collections.names.tokensField],
    });
    return users.flatMap((user) => this.holder(user, address));
  }

  /** Users whose arrays hold the address, in one of the spellings that can be asked for. */
  private async listing(transaction: Transaction, address: string): Promise<DocumentSnapshot[]> {
    const { tokensField } = this.collections.names;
    const spellings = [...new Set([address, deviceKey(address), ...otherSpellings(address)])];
    const users = this.collections.users
      .where(tokensField, 'array-contains-any', spellings)
      .select(new FieldPath(tokensField))
      .limit(MAX_RIVALS);
    return (await transaction.get(users)).docs;
  }

  private holder(user: DocumentSnapshot, address: string): Holder[] {
    const tokens = this.collections.tokensOf(user);
    const entries = entriesOfDevice(tokens, address);
    if (entries.length === 0) return [];
    const key = deviceKey(address);
    const theirs = tokenList(tokens).addresses.find((listed) => deviceKey(listed) === key);
    return [{ uid: user.id, entries, address: theirs ?? address }];
  }
}

function found(record: DocumentSnapshot): FoundRecord[] {
  const data = deviceRecord(record);
  return data === undefined ? [] : [{ ref: record.ref, data }];
}
