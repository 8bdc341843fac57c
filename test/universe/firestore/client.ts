/**
 * Firestore's Node client, as far as the backend uses it, over the server in memory: what it checks itself, how it retries, what its
 * snapshots say. Fields that are undefined are left out, as the backend has it set.
 */
import { collectionPath, documentPath } from './paths.ts';
import {
  CollectionReference,
  DocumentReference,
  getAllArguments,
  Query,
  readAll,
} from './references.ts';
import { read } from './requests.ts';
import type { Server } from './server.ts';
import type { DocumentSnapshot } from './snapshots.ts';
import { runTransaction, type Transaction, type TransactionOptions } from './transaction.ts';
import type { Wire } from './wire.ts';

export class Firestore {
  readonly server: Server;
  readonly wire: Wire;

  constructor(server: Server, wire: Wire) {
    this.server = server;
    this.wire = wire;
  }

  collection(path: string): CollectionReference<Firestore> {
    return new CollectionReference(this, collectionPath(path));
  }

  /** All collections of this id, wherever they are. */
  collectionGroup(id: string): Query<Firestore> {
    if (id === '' || id.includes('/')) {
      throw new Error(`Invalid collectionId '${id}'. Collection IDs must not contain '/'.`);
    }
    return new Query<Firestore>(this, { collection: id, isGroup: true, filters: [], orders: [] });
  }

  doc(path: string): DocumentReference<Firestore> {
    return new DocumentReference(this, documentPath(path));
  }

  async getAll(
    ...args: readonly unknown[]
  ): Promise<DocumentSnapshot<DocumentReference<Firestore>>[]> {
    const { refs, mask } = getAllArguments<Firestore>(args);
    return read(this.wire, 'read', () => readAll(this, refs, mask));
  }

  async runTransaction<T>(
    body: (transaction: Transaction<Firestore>) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return runTransaction(this, body, options);
  }
}
