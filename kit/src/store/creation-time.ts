/**
 * Looks up whether there is a document, and since when, without any of its fields: one read.
 */
import type { Firestore } from '@google-cloud/firestore';

/** When the document at a path was created, ms since 1970; undefined if there is none. */
export type CreationTime = (path: string) => Promise<number | undefined>;

export function creationTime(db: Firestore): CreationTime {
  return async (path) => {
    const [found] = await db.getAll(db.doc(path), { fieldMask: [] });
    return found?.createTime?.toMillis();
  };
}
