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
    if (!Number.isInteger(seconds) || seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      throw new Error(
        `Value for argument "seconds" must be within [${FIRST_SECOND}, ${LAST_SECOND}] inclusive, but was: ${seconds}`,
      );
    }
    if (!Number.isInteger(nanoseconds) || nanoseconds < 0 || nanoseconds > 999_999_999) {
      throw new Error(
        `Value for argument "nanoseconds" must be within [0, 999999999] inclusive, but was: ${nanoseconds}`,
      );
    }
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

  /** @param micros µs since 1970. */
  static fromMicros(micros: number): Timestamp {
    const seconds = Math.floor(micros / 1_000_000);
    return new Timestamp(seconds, (micros - seconds * 1_000_000) * 1000);
  }

  toMillis(): number {
    return this.seconds * 1000 + Math.round(this.nanoseconds / 1_000_000);
  }

  toMicros(): number {
    return this.seconds * 1_000_000 + Math.floor(this.nanoseconds / 1000);
  }

  toDate(): Date {
    return new Date(this.toMillis());
  }

  isEqual(other: unknown): boolean {
    return (
      other instanceof Timestamp &&
      other.seconds === this.seconds &&
      other.nanoseconds === this.nanoseconds
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
    return new FieldValue('array-union', elements);
  }

  static arrayRemove(...elements: readonly unknown[]): FieldValue {
    return new FieldValue('array-remove', elements);
  }

  /** Not public in the client; here one for each, so that they can be told by identity. */
  static readonly sentinels = (kind: 'delete' | 'server-time'): FieldValue => new FieldValue(kind);
}

const DELETE = FieldValue.sentinels('delete');
const SERVER_TIME = FieldValue.sentinels('server-time');

/** The name of the pseudo-field that is a document's own. */
export const NAME_FIELD = '__name__';

export class FieldPath {
  readonly segments: readonly string[];

  constructor(...segments: readonly string[]) {
    if (segments.length === 0 || segments.some((segment) => segment === '')) {
      throw new Error('Element at index 0 should not be an empty string.');
    }
    this.segments = segments;
  }

  static documentId(): FieldPath {
    return NAME;
  }
}

const NAME = new FieldPath(NAME_FIELD);
