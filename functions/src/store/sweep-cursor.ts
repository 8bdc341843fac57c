/**
 * `sweeps/{name}`: how far a sweep over a whole collection has come, for the next run to go on. Server only.
 */
import { FieldValue, type Firestore } from '@google-cloud/firestore';
import { COLLECTIONS } from './schema';

export class SweepCursor {
  private readonly db: Firestore;
  private readonly name: string;

  constructor(db: Firestore, name: string) {
    this.db = db;
    this.name = name;
  }

  /** Where to go on: after this document id. `''` for the beginning. */
  async read(): Promise<string> {
    const after: unknown = (await this.ref().get()).get('after');
    return typeof after === 'string' ? after : '';
  }

  /** Notes where to go on; `undefined` to begin anew. */
  async write(after: string | undefined): Promise<void> {
    const at = FieldValue.serverTimestamp();
    await this.ref().set(after === undefined ? { updatedAt: at } : { after, updatedAt: at });
  }

  private ref() {
    return this.db.collection(COLLECTIONS.sweeps).doc(this.name);
  }
}
