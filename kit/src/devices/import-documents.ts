/**
 * Reads a team's documents for an import. It only ever reads.
 */
import {
  FieldPath,
  type DocumentData,
  type DocumentSnapshot,
  type Firestore,
  type Query,
} from '@google-cloud/firestore';
import { collectionGroup, parentPath } from '../model/collection-path';
import { idsOf } from '../model/document-id';
import type { Page } from './paging';

/** A document that is there. */
export interface FoundDocument {
  readonly path: string;
  readonly data: DocumentData;
  /** ms since 1970. */
  readonly writtenAt: number;
}

export class ImportDocuments {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /** A document's fields; undefined if there is none. */
  async load(path: string): Promise<DocumentData | undefined> {
    return (await this.db.doc(path).get()).data();
  }

  /** The documents of a document's collection, itself included; at most `max`. */
  async besides(path: string, max: number): Promise<readonly FoundDocument[]> {
    return (await this.db.doc(path).parent.limit(max).get()).docs.flatMap(toFound);
  }

  /**
   * The next documents, in order of their names, of all collections that a pattern may mean: a collection group is read where the
   * pattern has a wildcard above its last collection. The page has those that match; its last is the last that was read.
   *
   * @param after path of the last document of the page before; `''` for the first page.
   * @param limit documents read.
   */
  async page(pattern: string, after: string, limit: number): Promise<Page<FoundDocument>> {
    const parent = parentPath(pattern);
    const all: Query = parent.includes('{')
      ? this.db.collectionGroup(collectionGroup(parent))
      : this.db.collection(parent);
    const ordered = all.orderBy(FieldPath.documentId()).limit(limit);
    const { docs } = await (after === '' ? ordered : ordered.startAfter(this.db.doc(after))).get();
    return {
      items: docs.flatMap(toFound).filter(({ path }) => idsOf(pattern, path) !== undefined),
      last: docs.at(-1)?.ref.path,
      isFull: docs.length === limit,
    };
  }
}

function toFound(document: DocumentSnapshot): FoundDocument[] {
  const data = document.data();
  if (data === undefined) return [];
  return [{ path: document.ref.path, data, writtenAt: document.updateTime?.toMillis() ?? 0 }];
}
