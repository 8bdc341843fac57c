/** One write of a commit, and what it makes of a document; pure. */
import { stored, storedMap } from './check.ts';
import { isSame, type Fields } from './order.ts';
import { FieldValue, Timestamp } from './values.ts';

/** One field that is written: where it stands, and its value or transform. */
export interface FieldWrite {
  readonly segments: readonly string[];
  readonly value: unknown;
}

export interface Write {
  readonly path: string;
  /** `replace`: the document becomes its fields; `merge`: they are put into what is there. */
  readonly kind: 'replace' | 'merge' | 'delete';
  readonly fields: readonly FieldWrite[];
  readonly precondition?: { readonly exists?: boolean; readonly updateTime?: number };
}

type Transform = FieldWrite & { readonly value: FieldValue };

/**
 * A document's fields after a write; undefined if there is none then.
 *
 * @param at when it is committed, µs since 1970.
 * @throws {FirestoreError} INVALID_ARGUMENT for what Firestore does not take.
 */
export function applied(before: Fields | undefined, write: Write, at: number): Fields | undefined {
  if (write.kind === 'delete') return undefined;
  const transforms: Transform[] = [];
  let fields: Fields = write.kind === 'merge' ? (before ?? {}) : {};
  if (write.kind === 'replace' && write.fields.every(({ segments }) => segments.length === 1)) {
    const plain: Record<string, unknown> = {};
    for (const { segments, value } of write.fields) {
      if (value instanceof FieldValue) transforms.push({ segments, value });
      else plain[segments[0] as string] = value;
    }
    fields = storedMap(plain);
  } else {
    for (const { segments, value } of write.fields) {
      if (value instanceof FieldValue && value.kind !== 'delete') {
        transforms.push({ segments, value });
      } else {
        fields = withField(fields, segments, 0, value);
      }
    }
  }
  for (const { segments, value } of transforms) {
    fields = withField(fields, segments, 0, transformed(fieldAt(fields, segments), value, at));
  }
  // Checks the names of fields, too, and costs nothing for what was there before.
  return storedMap(fields);
}

/** Maps on the way to it are made where there are none, and where something else stands. */
function withField(
  map: Fields,
  segments: readonly string[],
  depth: number,
  value: unknown,
): Fields {
  const name = segments[depth] as string;
  const copy: Record<string, unknown> = { ...map };
  if (depth === segments.length - 1) {
    if (value instanceof FieldValue) delete copy[name];
    else copy[name] = stored(value, depth + 2);
    return copy;
  }
  const inner = Object.hasOwn(copy, name) ? copy[name] : undefined;
  if (!isMap(inner) && value instanceof FieldValue) return map;
  copy[name] = withField(isMap(inner) ? inner : {}, segments, depth + 1, value);
  return copy;
}

export function fieldAt(fields: Fields | undefined, segments: readonly string[]): unknown {
  let found: unknown = fields;
  for (const name of segments) {
    if (!isMap(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

export function isMap(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function transformed(present: unknown, { kind, operands }: FieldValue, at: number): unknown {
  switch (kind) {
    case 'server-time':
      return Timestamp.fromMicros(at);
    case 'increment': {
      const by = operands[0] as number;
      return typeof present === 'number' ? present + by : by;
    }
    case 'array-union': {
      const list = Array.isArray(present) ? [...(present as unknown[])] : [];
      for (const each of operands) {
        if (!list.some((known) => isSame(known, each))) list.push(each);
      }
      return list;
    }
    case 'array-remove': {
      const list = Array.isArray(present) ? (present as unknown[]) : [];
      return list.filter((known) => !operands.some((each) => isSame(known, each)));
    }
    case 'delete':
      return undefined;
  }
}
