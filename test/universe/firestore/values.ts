/**
 * The values of Firestore's Node client that the backend uses, each as that client makes them.
 *
 * The simulation's bundle puts this module in the place of `@google-cloud/firestore`; `model.test.ts` holds it to the real one.
 */

const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

export class Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;

  constructor(seconds: number, nanoseconds: number) {
    checkInteger('seconds', seconds, FIRST_SECOND, LAST_SECOND);
    checkInteger('nanoseconds', nanoseconds, 0, 999_999_999);
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  static fromMillis(milliseconds: number): Timestamp {
    const seconds = Math.floor(milliseconds / 1000);
    return new Timestamp(seconds, Math.floor((milliseconds - seconds * 1000) * 1_000_000));
  }

  static fromDate(date: Date): Timestamp {
    return Timestamp.fromMillis(date.getTime());
  }

  /** Not the client's. @param micros µs since 1970. */
  static fromMicros(micros: number): Timestamp {
    const seconds = Math.floor(micros / 1_000_000);
    return new Timestamp(seconds, (micros - seconds * 1_000_000) * 1000);
  }

  toMillis(): number {
    return this.seconds * 1000 + Math.floor(this.nanoseconds / 1_000_000);
  }

  /** Not the client's: µs since 1970; exact for the times in which there are computers. */
  toMicros(): number {
    return this.seconds * 1_000_000 + Math.floor(this.nanoseconds / 1000);
  }

  /** Not the client's: as the server keeps it, which has no nanoseconds. */
  inMicros(): Timestamp {
    const below = this.nanoseconds % 1000;
    return below === 0 ? this : new Timestamp(this.seconds, this.nanoseconds - below);
  }

  toDate(): Date {
    return new Date(this.seconds * 1000 + Math.round(this.nanoseconds / 1_000_000));
  }

  isEqual(other: unknown): boolean {
    return (
      this === other ||
      (other instanceof Timestamp &&
        other.seconds === this.seconds &&
        other.nanoseconds === this.nanoseconds)
    );
  }

  /** A text that is in order with others, so that `<` compares. */
  valueOf(): string {
    const seconds = String(this.seconds - FIRST_SECOND).padStart(12, '0');
    return `${seconds}.${String(this.nanoseconds).padStart(9, '0')}`;
  }
}

function checkInteger(name: string, value: unknown, least: number, most: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new Error(`Value for argument "${name}" is not a valid integer.`);
  }
  if (value < least || value > most) {
    throw new Error(
      `Value for argument "${name}" must be within [${least}, ${most}] inclusive, but was: ${value}`,
    );
  }
}

export class GeoPoint {
  readonly latitude: number;
  readonly longitude: number;

  constructor(latitude: number, longitude: number) {
    this.latitude = latitude;
    this.longitude = longitude;
  }
}

/** A document's name as a value: what references have in common, for those who do not know references. */
export class NameValue {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** What a write says instead of a value. */
export class FieldValue {
  readonly kind: 'delete' | 'server-time' | 'increment' | 'array-union' | 'array-remove';
  readonly operands: readonly unknown[];

  private constructor(kind: FieldValue['kind'], operands: readonly unknown[] = []) {
    this.kind = kind;
    this.operands = operands;
  }

  static delete(): FieldValue {
    return DELETE;
  }

  static serverTimestamp(): FieldValue {
    return SERVER_TIME;
  }

  static increment(by: number): FieldValue {
    return new FieldValue('increment', [by]);
  }

  static arrayUnion(...elements: readonly unknown[]): FieldValue {
    return new FieldValue('array-union', atLeastOne('arrayUnion', elements));
  }

  static arrayRemove(...elements: readonly unknown[]): FieldValue {
    return new FieldValue('array-remove', atLeastOne('arrayRemove', elements));
  }

  /** Not the client's: one for each, so that they can be told by identity. */
  static readonly sentinels = (kind: 'delete' | 'server-time'): FieldValue => new FieldValue(kind);

  /** Not the client's: the same with these operands. */
  with(operands: readonly unknown[]): FieldValue {
    return new FieldValue(this.kind, operands);
  }

  isEqual(other: unknown): boolean {
    return this === other;
  }
}

const DELETE = FieldValue.sentinels('delete');
const SERVER_TIME = FieldValue.sentinels('server-time');

function atLeastOne(method: string, elements: readonly unknown[]): readonly unknown[] {
  if (elements.length > 0) return elements;
  throw new Error(`Function "FieldValue.${method}()" requires at least 1 argument.`);
}

/** The name of the pseudo-field that is a document's own. */
export const NAME_FIELD = '__name__';

export class FieldPath {
  readonly segments: readonly string[];

  constructor(...segments: readonly string[]) {
    for (const [index, segment] of segments.entries()) {
      if (typeof segment !== 'string') {
        throw new Error(`Element at index ${index} is not a valid string.`);
      }
      if (segment === '')
        throw new Error(`Element at index ${index} should not be an empty string.`);
    }
    if (segments.length === 0)
      throw new Error('Function "FieldPath()" requires at least 1 argument.');
    this.segments = segments;
  }

  static documentId(): FieldPath {
    return NAME;
  }
}

const NAME = new FieldPath(NAME_FIELD);
