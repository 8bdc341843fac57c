/**
 * How the client turns what it is given into values: what it refuses itself, what it leaves out, and what the server would not take.
 *
 * What is taken is copied and frozen, so that whoever reads it later cannot change what is stored.
 */
import { FirestoreError } from './codes.ts';
import { isMap, type Fields, type Segments } from './fields.ts';
import {
  bytesRefusal,
  fieldRefusal,
  invalid,
  MAX_DEPTH,
  operandRefusal,
  pathRefusal,
  textRefusal,
} from './limits.ts';
import { nameOf } from './names.ts';
import { FieldPath, FieldValue, GeoPoint, NameValue, Timestamp } from './values.ts';
import type { FieldTransform } from './write.ts';

const TOO_DEEP = 'Property is nested deeper than 20 levels.';

/** Reads one write's values, and takes note of what else it finds. */
export class Encoder {
  readonly transforms: FieldTransform[] = [];
  /** The first thing that the server would not take. */
  refusal: FirestoreError | undefined;
  /** Where the value stands that is being read. */
  private path: string[] = [];
  /** Levels of it that the client does not count. */
  private uncounted = 0;
  private readonly hasShortNames: boolean;

  /** @param hasShortNames whether the server takes long names for wrong. */
  constructor(hasShortNames = true) {
    this.hasShortNames = hasShortNames;
  }

  /**
   * The value of a field as it is stored; undefined if none is.
   *
   * @param uncounted levels of the field's own path that the client does not count.
   */
  at(segments: Segments, given: unknown, uncounted = 0): unknown {
    this.path = [...segments];
    this.uncounted = uncounted;
    const value = this.value(given, segments.length, false);
    if (value !== undefined) this.refusal ??= pathRefusal(segments);
    return value;
  }

  /** All fields of a document. */
  document(given: Fields): Fields {
    const copy: Record<string, unknown> = {};
    this.path = [];
    this.copyInto(copy, given, Object.keys(given), 1, false);
    return Object.freeze(copy);
  }

  private value(given: unknown, depth: number, isInList: boolean): unknown {
    if (depth - this.uncounted > MAX_DEPTH + 1) {
      throw new Error('Input object is deeper than 20 levels or contains a cycle.');
    }
    if (depth > MAX_DEPTH + 1) this.refusal ??= invalid(TOO_DEEP);
    if (typeof given === 'string') this.refusal ??= textRefusal(given);
    if (typeof given !== 'object' || given === null) return given;
    if (given instanceof Timestamp) return given.inMicros();
    if (given instanceof FieldValue) return this.note(given, isInList);
    if (Array.isArray(given)) return this.list(given as readonly unknown[], depth);
    if (isMap(given)) return this.map(given, depth, isInList);
    if (given instanceof GeoPoint) return given;
    if (given instanceof NameValue) {
      const { refusal, writeRefusal } = nameOf(given.path);
      this.refusal ??= this.hasShortNames ? writeRefusal : refusal;
      return given;
    }
    if (given instanceof Date) return Timestamp.fromDate(given);
    if (ArrayBuffer.isView(given)) {
      this.refusal ??= bytesRefusal(given.byteLength);
      return Buffer.from(given as Uint8Array);
    }
    const where = this.path.join('.');
    throw new Error(
      given instanceof FieldPath
        ? `Cannot use object of type "FieldPath" as a Firestore value (found in field "${where}").`
        : `Couldn't serialize object of type "${given.constructor.name}" (found in field "${where}").`,
    );
  }

  private map(given: Fields, depth: number, isInList: boolean): unknown {
    if (depth > MAX_DEPTH) this.refusal ??= invalid(TOO_DEEP);
    const names = Object.keys(given);
    const copy: Record<string, unknown> = {};
    const isFilled = this.copyInto(copy, given, names, depth + 1, isInList);
    // A map that had nothing but what is left out is left out itself.
    return isFilled || names.length === 0 ? Object.freeze(copy) : undefined;
  }

  private copyInto(
    copy: Record<string, unknown>,
    given: Fields,
    names: readonly string[],
    depth: number,
    isInList: boolean,
  ): boolean {
    let isFilled = false;
    for (const name of names) {
      if (name === '') throw new Error('Element at index 0 should not be an empty string.');
      this.path.push(name);
      const refusal = this.refusal;
      const value = this.value(given[name], depth, isInList);
      const isSent = value !== undefined && name !== '__proto__';
      if (isSent) this.refusal ??= this.hasShortNames ? pathRefusal(this.path) : fieldRefusal(name);
      // The client sets the prototype of what it sends, and sends nothing.
      else if (name === '__proto__') this.refusal = refusal;
      this.path.pop();
      if (!isSent) continue;
      copy[name] = value;
      isFilled = true;
    }
    return isFilled;
  }

  private list(given: readonly unknown[], depth: number): unknown {
    const copy: unknown[] = [];
    for (const each of given) {
      const value = this.value(each, depth + 1, true);
      if (Array.isArray(value))
        this.refusal ??= invalid('Cannot convert an array value in an array value.');
      if (value !== undefined) copy.push(value);
    }
    return Object.freeze(copy);
  }

  private note(given: FieldValue, isInList: boolean): undefined {
    const where = `(found in field "${this.path.join('.')}")`;
    if (isInList) throw new Error(`FieldValue cannot be used inside of an array ${where}.`);
    if (given.kind === 'delete') {
      throw new Error(
        `FieldValue.delete() must appear at the top-level and can only be used in update() or set() with {merge:true} ${where}.`,
      );
    }
    this.transforms.push({ segments: [...this.path], transform: this.encoded(given) });
    return undefined;
  }

  private encoded(transform: FieldValue): FieldValue {
    const { kind, operands } = transform;
    if (kind === 'increment') {
      if (typeof operands[0] === 'number' && !Number.isNaN(operands[0])) return transform;
      throw new Error('Value for argument "FieldValue.increment()" is not a valid number.');
    }
    if (kind === 'server-time') return transform;
    if (operands.some((each) => Array.isArray(each))) {
      throw new Error('Nested arrays are not supported.');
    }
    for (const each of operands) checkDefined(each);
    const { uncounted } = this;
    this.uncounted = this.path.length + 1;
    const elements = this.list(operands, this.path.length) as readonly unknown[];
    this.uncounted = uncounted;
    return transform.with(elements);
  }
}

/**
 * A value to compare with, as it would be stored; and why the server would not take it.
 *
 * @param kind what is compared with it: a field, by one value or a list of such, or a position in an order, whose names may be long.
 */
export function encodedOperand(
  given: unknown,
  kind: 'one' | 'list' | 'position',
): { readonly value: unknown; readonly refusal: FirestoreError | undefined } {
  checkDefined(given);
  const encoder = new Encoder(kind !== 'position');
  const value =
    kind === 'list' && Array.isArray(given)
      ? given.map((each: unknown) => encoder.at([], each)).filter((each) => each !== undefined)
      : encoder.at([], given);
  if (encoder.transforms.length > 0) {
    throw new Error('FieldValue can only be used in set(), create() or update().');
  }
  if (value !== undefined) {
    const each =
      kind === 'position' ? [] : kind === 'list' && Array.isArray(value) ? value : [value];
    const tooLarge = each.map(operandRefusal).find((refusal) => refusal !== undefined);
    return { value, refusal: encoder.refusal ?? tooLarge };
  }
  // All of it is left out, and the client sends none in its place.
  const none =
    kind === 'position'
      ? new FirestoreError('INTERNAL', 'a cursor has no value')
      : invalid('a filter has no value');
  return { value, refusal: none };
}

function checkDefined(given: unknown): void {
  if (given !== undefined) return;
  throw new Error('"undefined" values are only ignored inside of objects.');
}
