/**
 * Reads recipients: one document read each, and only the fields that a delivery needs.
 */
import { FieldPath, type DocumentSnapshot, type Query } from '@google-cloud/firestore';
import { isDocumentId } from '../model/document-id';
import type { UserFilter } from '../model/notification/recipients';
import type { Collections } from './collections';
import { serverMillis } from './server-time';
import { PREFERENCES, type PreferenceFields } from './user-document';

/** Documents per `getAll`: keeps one answer well below gRPC's message limit even if every array is full. */
const READ_BATCH = 300;

/** What a delivery knows of one recipient. Whatever an app wrote there: nothing is assumed of the field types. */
export interface RecipientRecord extends PreferenceFields {
  readonly uid: string;
  readonly exists: boolean;
  readonly tokens: unknown;
  readonly locale: unknown;
  /** When this was so, ms since 1970 by Firestore's clock: to be compared with other times of Firestore's, and no others. */
  readonly readAt: number;
}

export class UserStore {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** The path of the users' collection. */
  get collection(): string {
    return this.collections.names.users;
  }

  private get fields(): string[] {
    return [this.collections.names.tokensField, ...PREFERENCES, 'locale'];
  }

  /** The recipients' records in the order of `uids`; `exists` is false for unknown users, and for what can be no user's id. */
  async read(uids: readonly string[]): Promise<RecipientRecord[]> {
    const records: RecipientRecord[] = [];
    for (let start = 0; start < uids.length; start += READ_BATCH) {
      records.push(...(await this.readBatch(uids.slice(start, start + READ_BATCH))));
    }
    return records;
  }

  private async readBatch(uids: readonly string[]): Promise<RecipientRecord[]> {
    // Firestore would refuse the whole batch, or read another document, for one id that can be none.
    const refs = uids.filter(isDocumentId).map((uid) => this.collections.user(uid));
    const snapshots =
      refs.length === 0
        ? []
        : await this.collections.db.getAll(...refs, { fieldMask: this.fields });
    if (refs.length === uids.length) return snapshots.map((snapshot) => this.toRecord(snapshot));
    const known = new Map(snapshots.map((snapshot) => [snapshot.id, this.toRecord(snapshot)]));
    return uids.map((uid) => known.get(uid) ?? absent(uid));
  }

  /** Ids of a collection's documents above `after` and, if given, up to `until`, at most `limit`, in order of id. */
  async idsInRange(
    collection: string,
    after: string,
    limit: number,
    until?: string,
  ): Promise<string[]> {
    const snapshot = await this.range(collection, after, limit, until).select().get();
    return snapshot.docs.map((document) => document.id);
  }

  /**
   * Records of the users above `after` and, if given, up to `until`, at most `limit`, in order of uid: one read each.
   *
   * @param where only users of whom this is so.
   */
  async readRange(
    after: string,
    limit: number,
    until?: string,
    where?: UserFilter,
  ): Promise<RecipientRecord[]> {
    const query = this.range(this.collection, after, limit, until, where).select(...this.fields);
    return (await query.get()).docs.map((snapshot) => this.toRecord(snapshot));
  }

  /** How many recipients a collection has, or how many users a filter accepts, counted up to a number. */
  async count(
    of: { readonly collection: string } | { readonly everyone: true; readonly where?: UserFilter },
    upTo: number,
  ): Promise<number> {
    const query =
      'collection' in of
        ? this.range(of.collection, '', upTo)
        : this.range(this.collection, '', upTo, undefined, of.where);
    return (await query.count().get()).data().count;
  }

  private range(
    collection: string,
    after: string,
    limit: number,
    until?: string,
    where?: UserFilter,
  ): Query {
    let query: Query = this.collections.db.collection(collection);
    if (where !== undefined) {
      query = query.where(new FieldPath(...where.field.split('.')), where.op, where.value);
    }
    query = query.orderBy(FieldPath.documentId()).limit(limit);
    if (after !== '') query = query.startAfter(after);
    if (until !== undefined) query = query.endAt(until);
    return query;
  }

  private toRecord(snapshot: DocumentSnapshot): RecipientRecord {
    return {
      uid: snapshot.id,
      exists: snapshot.exists,
      tokens: this.collections.tokensOf(snapshot),
      ...Object.fromEntries(PREFERENCES.map((name) => [name, snapshot.get(name)])),
      locale: snapshot.get('locale'),
      readAt: serverMillis(snapshot.readTime),
    };
  }
}

function absent(uid: string): RecipientRecord {
  return {
    // Nothing was read, so nothing is old.
    ...{ uid, exists: false, readAt: Infinity },
    ...{ tokens: undefined, locale: undefined },
  };
}
