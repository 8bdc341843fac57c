/** One write of a commit, and what it makes of a document; pure. */
import type { FirestoreError } from './codes.ts';
import { fieldAt, isMap, type Fields, type Segments } from './fields.ts';
import { isSame } from './order.ts';
import { Timestamp, type FieldValue } from './values.ts';

/** A field's new value; undefined: it goes. */
export interface FieldChange {
  readonly segments: Segments;
  readonly value: unknown;
}

/** What is to be made of a field, depending on what it is. */
export interface FieldTransform {
  readonly segments: Segments;
  readonly transform: FieldValue;
}

interface Common {
  readonly path: string;
  readonly precondition?: { readonly exists?: boolean; readonly updateTime?: number };
}

/** All values are as they are stored. */
interface Change extends Common {
  readonly transforms: readonly FieldTransform[];
  /** Why the server takes none of it, whatever is there. */
  readonly refusal: FirestoreError | undefined;
  /** Why the client cannot send it, which it finds out when it does. */
  readonly defect?: Error;
}

export type Write =
  | (Change & { readonly kind: 'replace'; readonly fields: Fields })
  /** Where there is no document, one is made. */
  | (Change & { readonly kind: 'merge'; readonly changes: readonly FieldChange[] })
  | (Common & { readonly kind: 'delete' });

/**
 * A document's fields after a write; undefined if there is none then.
 *
 * @param at when it is committed, µs since 1970.
 */
export function applied(before: Fields | undefined, write: Write, at: number): Fields | undefined {
  if (write.kind === 'delete') return undefined;
  const { transforms } = write;
  if (write.kind === 'replace' && transforms.length === 0) return write.fields;
  const fields: Record<string, unknown> = { ...(write.kind === 'replace' ? write.fields : before) };
  if (write.kind === 'merge') {
    for (const { segments, value } of write.changes) put(fields, segments, 0, value);
  }
  for (const { segments, transform } of transforms) {
    put(fields, segments, 0, transformed(fieldAt(fields, segments), transform, at));
  }
  return Object.freeze(fields);
}

/** Changes a map of one's own; maps on the way are copied, or made where something else stands. */
function put(
  map: Record<string, unknown>,
  segments: Segments,
  depth: number,
  value: unknown,
): void {
  const name = segments[depth] as string;
  if (depth === segments.length - 1) {
    if (value === undefined) delete map[name];
    else map[name] = value;
    return;
  }
  const present = Object.hasOwn(map, name) ? map[name] : undefined;
  if (!isMap(present) && value === undefined) return;
  const inner: Record<string, unknown> = isMap(present) ? { ...present } : {};
  put(inner, segments, depth + 1, value);
  map[name] = Object.freeze(inner);
}

function transformed(present: unknown, { kind, operands }: FieldValue, at: number): unknown {
  switch (kind) {
    case 'server-time':
      // When the request was taken on, in whole milliseconds: before its own commit, and perhaps the same as another's.
      return Timestamp.fromMillis(Math.floor(at / 1000));
    case 'increment': {
      const by = operands[0] as number;
      return typeof present === 'number' ? present + by : by;
    }
    case 'array-union': {
      const list = Array.isArray(present) ? [...(present as unknown[])] : [];
      for (const each of operands) {
        if (!list.some((known) => isSame(known, each))) list.push(each);
      }
      return Object.freeze(list);
    }
    case 'array-remove': {
      const list = Array.isArray(present) ? (present as unknown[]) : [];
      return Object.freeze(list.filter((known) => !operands.some((each) => isSame(known, each))));
    }
    case 'delete':
      return undefined;
  }
}
