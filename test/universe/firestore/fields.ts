/** Where fields stand in a document; pure. */
import { FieldPath, NAME_FIELD } from './values.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Segments = readonly string[];
/** Which fields are read; undefined: all. */
export type Mask = readonly Segments[] | undefined;

export function isMap(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function fieldAt(fields: Fields | undefined, segments: Segments): unknown {
  let found: unknown = fields;
  for (const name of segments) {
    if (!isMap(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

export function isName(segments: Segments): boolean {
  return segments.length === 1 && segments[0] === NAME_FIELD;
}

/** What a projection leaves of a document. */
export function masked(fields: Fields, mask: Mask): Fields {
  if (mask === undefined) return fields;
  const copy: Record<string, unknown> = {};
  for (const segments of mask) pick(copy, fields, segments, 0);
  return copy;
}

function pick(
  copy: Record<string, unknown>,
  from: Fields,
  segments: Segments,
  depth: number,
): void {
  const name = segments[depth] as string;
  if (!Object.hasOwn(from, name)) return;
  const value = from[name];
  if (depth === segments.length - 1) {
    copy[name] = value;
    return;
  }
  const known = Object.hasOwn(copy, name) ? copy[name] : undefined;
  // All of it is there already.
  if (!isMap(value) || known === value) return;
  const inner = isMap(known) ? { ...known } : {};
  pick(inner, value, segments, depth + 1);
  if (known !== undefined || Object.keys(inner).length > 0) copy[name] = inner;
}

const SEGMENTS = new Map<string, Segments>();

/** The names that lead to a field. @throws as the client does. */
export function segmentsOf(field: string | FieldPath): Segments {
  if (field instanceof FieldPath) return field.segments;
  let segments = SEGMENTS.get(field);
  if (segments === undefined) {
    if (typeof field !== 'string' || field === '' || /^\.|\.$|\.\.|[~*/[\]]/.test(field)) {
      throw new Error(
        `Value for argument "field" is not a valid field path. Paths can't be empty and must not contain "*~/[]".`,
      );
    }
    segments = field.split('.');
    if (SEGMENTS.size > 1_000) SEGMENTS.clear();
    SEGMENTS.set(field, segments);
  }
  return segments;
}
