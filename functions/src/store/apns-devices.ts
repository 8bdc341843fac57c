/**
 * Device records as the APNs provider needs them: one read per native APNs address, of four fields.
 */
import type { DocumentSnapshot, Firestore, Timestamp } from '@google-cloud/firestore';
import { addressId, otherSpellings } from '../providers/address';
import type {
  ApnsDeviceFacts,
  ApnsEnvironment,
  DeviceFactsSource,
} from '../providers/apns/device-facts';
import { withoutUndefined } from '../providers/without-undefined';
import { COLLECTIONS } from './schema';

/** Documents per `getAll`; the records are small. */
const READ_BATCH = 500;
const FIELDS = ['environment', 'appId', 'experienceId', 'refreshedAt'] as const;
/** An app may have registered anything: only this can be a topic. Google's app ids have colons. */
const BUNDLE_ID = /^[A-Za-z0-9.-]{1,155}$/;
/** Firestore's NOT_FOUND, as a gRPC status. */
const NOT_FOUND = 5;

export class ApnsDeviceStore implements DeviceFactsSource {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /** The facts in the order of `addresses`; none for a device without a record. Rejects when Firestore does. */
  async read(addresses: readonly string[]): Promise<ApnsDeviceFacts[]> {
    const records: DocumentSnapshot[] = [];
    for (let start = 0; start < addresses.length; start += READ_BATCH) {
      const batch = addresses.slice(start, start + READ_BATCH);
      records.push(...(await this.recordsOf(batch)));
    }
    return records.map(toFacts);
  }

  private async recordsOf(addresses: readonly string[]): Promise<DocumentSnapshot[]> {
    const get = (spellings: readonly string[]) =>
      this.db.getAll(...spellings.map((spelling) => this.device(spelling)), {
        fieldMask: [...FIELDS],
      });
    const records = await get(addresses);
    // A record that is older than the rule for hex may stand under the address in upper case.
    const others = addresses.map((address) => otherSpellings(address)[0] ?? address);
    const missing = records.flatMap((record, index) =>
      record.exists || others[index] === addresses[index] ? [] : [index],
    );
    if (missing.length === 0) return records;
    const older = await get(missing.map((index) => others[index] as string));
    missing.forEach((index, nth) => {
      records[index] = older[nth] as DocumentSnapshot;
    });
    return records;
  }

  /** Writes to an existing record only: one without an owner would be nobody's to remove. */
  async rememberEnvironment(address: string, environment: ApnsEnvironment): Promise<void> {
    try {
      await this.device(address).update({ environment });
    } catch (error) {
      if ((error as { code?: unknown }).code !== NOT_FOUND) throw error;
    }
  }

  private device(address: string) {
    return this.db.collection(COLLECTIONS.devices).doc(addressId(address));
  }
}

function toFacts(snapshot: DocumentSnapshot): ApnsDeviceFacts {
  const environment: unknown = snapshot.get('environment');
  const appId: unknown = snapshot.get('appId');
  const experienceId: unknown = snapshot.get('experienceId');
  const refreshedAt = snapshot.get('refreshedAt') as Timestamp | undefined;
  return withoutUndefined({
    environment:
      environment === 'production' || environment === 'sandbox' ? environment : undefined,
    appId: typeof appId === 'string' && BUNDLE_ID.test(appId) ? appId : undefined,
    experienceId: typeof experienceId === 'string' ? experienceId : undefined,
    refreshedAt: refreshedAt?.toMillis(),
  });
}
