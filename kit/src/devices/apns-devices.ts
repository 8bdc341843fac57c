/**
 * Device records as the APNs provider needs them: one read per native APNs address, of four fields.
 */
import type { DocumentSnapshot } from '@google-cloud/firestore';
import type {
  ApnsDeviceFacts,
  ApnsEnvironment,
  DeviceFactsSource,
} from '../providers/apns/device-facts';
import { withoutUndefined } from '../model/without-undefined';
import { timeOf } from './device-record';
import type { Collections } from '../store/collections';

/** Documents per `getAll`; the records are small. */
const READ_BATCH = 500;
const FIELDS = ['environment', 'appId', 'experienceId', 'refreshedAt'] as const;
/** An app may have registered anything: only this can be a topic. Google's app ids have colons. */
const BUNDLE_ID = /^[A-Za-z0-9.-]{1,155}$/;
/** Firestore's NOT_FOUND, as a gRPC status. */
const NOT_FOUND = 5;

export class ApnsDeviceStore implements DeviceFactsSource {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** The facts in the order of `addresses`; none for a device without a record. Rejects when Firestore does. */
  async read(addresses: readonly string[]): Promise<ApnsDeviceFacts[]> {
    const facts: ApnsDeviceFacts[] = [];
    for (let start = 0; start < addresses.length; start += READ_BATCH) {
      const devices = addresses
        .slice(start, start + READ_BATCH)
        .map((address) => this.collections.device(address));
      const snapshots = await this.collections.db.getAll(...devices, { fieldMask: [...FIELDS] });
      facts.push(...snapshots.map(toFacts));
    }
    return facts;
  }

  /** Writes to an existing record only: one without an owner would be nobody's to remove. */
  async rememberEnvironment(address: string, environment: ApnsEnvironment): Promise<void> {
    try {
      await this.collections.device(address).update({ environment });
    } catch (error) {
      if ((error as { code?: unknown }).code !== NOT_FOUND) throw error;
    }
  }
}

function toFacts(snapshot: DocumentSnapshot): ApnsDeviceFacts {
  const environment: unknown = snapshot.get('environment');
  const appId: unknown = snapshot.get('appId');
  const experienceId: unknown = snapshot.get('experienceId');
  const refreshedAt = timeOf(snapshot.get('refreshedAt'));
  return withoutUndefined({
    environment:
      environment === 'production' || environment === 'sandbox' ? environment : undefined,
    appId: typeof appId === 'string' && BUNDLE_ID.test(appId) ? appId : undefined,
    experienceId: typeof experienceId === 'string' ? experienceId : undefined,
    refreshedAt: refreshedAt?.toMillis(),
  });
}
