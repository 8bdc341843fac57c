/**
 * Reads and changes what a user document says of which notifications its person wants: field by field, so that whatever else stands
 * there, also within these fields, is left alone.
 */
import {
  FieldPath,
  FieldValue,
  type DocumentReference,
  type Transaction,
} from '@google-cloud/firestore';
import type { Collections } from './collections';
import { transact } from './transact';
import { PREFERENCES, type PreferenceFields } from './user-document';

/** With the language in which kinds are named. */
const FIELDS = [...PREFERENCES, 'locale'];

/** The fields as they stand, of whatever type. */
export interface StoredPreferences extends PreferenceFields {
  readonly locale?: unknown;
}

/** What is to be written. */
export interface PreferenceEdits {
  /** Field paths, and what is to stand there; undefined: nothing. */
  readonly fields: readonly (readonly [path: readonly string[], value: unknown])[];
  readonly block: readonly string[];
  readonly unblock: readonly string[];
}

export class PreferenceStore {
  private readonly collections: Collections;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** One read. Nothing of a user who has no document. */
  async read(uid: string): Promise<StoredPreferences> {
    const [user] = await this.collections.db.getAll(this.collections.user(uid), {
      fieldMask: FIELDS,
    });
    return user?.data() ?? {};
  }

  /**
   * Changes them in one transaction; a user without a document gets one.
   *
   * @param planned what is to be written where this stands; may be called several times. What it throws ends the change.
   */
  async edit(uid: string, planned: (stored: StoredPreferences) => PreferenceEdits): Promise<void> {
    const { db } = this.collections;
    const ref = this.collections.user(uid);
    await transact(db, async (transaction) => {
      const [user] = await transaction.getAll(ref, { fieldMask: FIELDS });
      const edits = planned(user?.data() ?? {});
      const writes = writesOf(edits);
      if (writes.length > 0 && user?.exists !== true) transaction.create(ref, {});
      for (const write of writes) write(transaction, ref);
    });
  }
}

type Write = (transaction: Transaction, ref: DocumentReference) => void;

/** Each entry of the list by itself: to write a list back would turn what JavaScript cannot tell apart, integers and doubles. */
function writesOf({ fields, block, unblock }: PreferenceEdits): Write[] {
  const pairs: [FieldPath, unknown][] = fields.map(([path, value]) => [
    new FieldPath(...path),
    value === undefined ? FieldValue.delete() : value,
  ]);
  const blocked = new FieldPath('blocked');
  if (block.length > 0) pairs.push([blocked, FieldValue.arrayUnion(...block)]);
  const [first, ...rest] = pairs;
  return [
    ...(unblock.length === 0
      ? []
      : [update([[blocked, FieldValue.arrayRemove(...unblock)]] as const)]),
    ...(first === undefined ? [] : [update([first, ...rest])]),
  ];
}

function update([[field, value], ...more]: readonly [
  readonly [FieldPath, unknown],
  ...(readonly [FieldPath, unknown])[],
]): Write {
  return (transaction, ref) => void transaction.update(ref, field, value, ...more.flat());
}
