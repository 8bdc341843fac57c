/**
 * Where this backend keeps things in Firestore, as a deployment names it: two of them, or an app's own data, can share one database.
 */
import type {
  CollectionReference,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
} from '@google-cloud/firestore';
import { addressId } from '../model/address';

/** Paths of collections, and the name of a field; each is a setting. */
export interface CollectionNames {
  /** A document for each user, which holds the list of addresses. */
  readonly users: string;
  /** Server only, as are the two below; the app writes none of them. */
  readonly devices: string;
  readonly deliveries: string;
  /** The outbox. */
  readonly pushes: string;
  /** The field of a user's document that holds the list of addresses. */
  readonly tokensField: string;
}

export const DEFAULT_NAMES: CollectionNames = {
  users: 'users',
  devices: 'devices',
  deliveries: 'deliveries',
  pushes: 'pushes',
  tokensField: 'tokens',
};

export class Collections {
  readonly db: Firestore;
  readonly names: CollectionNames;

  constructor(db: Firestore, names: CollectionNames = DEFAULT_NAMES) {
    this.db = db;
    this.names = names;
  }

  get users(): CollectionReference {
    return this.db.collection(this.names.users);
  }

  get devices(): CollectionReference {
    return this.db.collection(this.names.devices);
  }

  get deliveries(): CollectionReference {
    return this.db.collection(this.names.deliveries);
  }

  get pushes(): CollectionReference {
    return this.db.collection(this.names.pushes);
  }

  user(uid: string): DocumentReference {
    return this.users.doc(uid);
  }

  /** The record of the device that has this address. */
  device(address: string): DocumentReference {
    return this.devices.doc(addressId(address));
  }

  /** What stands in a user's list of addresses, of whatever type. */
  tokensOf(user: DocumentSnapshot | undefined): unknown {
    return user?.get(this.names.tokensField);
  }
}
