/** One of the two Firestores, as far as histories go; and how values are made for it, and read from it. */
import type { Data, Field, Value } from './operations.ts';

/** What both clients have. */
export interface Sdk {
  readonly Timestamp: {
    new (seconds: number, nanoseconds: number): Time;
  };
  readonly GeoPoint: { new (latitude: number, longitude: number): object };
  readonly FieldPath: { new (...names: string[]): object };
  readonly FieldValue: {
    delete(): object;
    serverTimestamp(): object;
    increment(by: number): object;
    arrayUnion(...elements: unknown[]): object;
    arrayRemove(...elements: unknown[]): object;
  };
  readonly AggregateField: { sum(field: unknown): object };
  readonly DocumentReference: { [Symbol.hasInstance](value: unknown): boolean };
}

export interface Time {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface Document {
  readonly id: string;
  readonly exists: boolean;
  readonly ref: { readonly path: string };
  readonly createTime?: Time | undefined;
  readonly updateTime?: Time | undefined;
  readonly readTime: Time;
  data(): Readonly<Record<string, unknown>> | undefined;
}

export interface Ref {
  readonly path: string;
  get(): Promise<Document>;
  create(data: object): Promise<{ readonly writeTime: Time }>;
  set(data: object, options?: object): Promise<{ readonly writeTime: Time }>;
  update(data: object, precondition?: object): Promise<{ readonly writeTime: Time }>;
  delete(precondition?: object): Promise<{ readonly writeTime: Time }>;
}

export interface Asked {
  where(field: unknown, op: string, value: unknown): Asked;
  orderBy(field: unknown, direction: string): Asked;
  startAt(...values: unknown[]): Asked;
  startAfter(...values: unknown[]): Asked;
  endAt(...values: unknown[]): Asked;
  endBefore(...values: unknown[]): Asked;
  limit(limit: number): Asked;
  select(...fields: unknown[]): Asked;
  count(): { get(): Promise<Counted> };
  aggregate(fields: object): { get(): Promise<Counted> };
  get(): Promise<Found>;
}

export interface Found {
  readonly docs: readonly Document[];
}

export interface Counted {
  data(): Readonly<Record<string, number>>;
}

export interface InTransaction {
  get(target: object): Promise<unknown>;
  getAll(...args: unknown[]): Promise<readonly Document[]>;
  create(ref: object, data: object): unknown;
  set(ref: object, data: object, options?: object): unknown;
  update(ref: object, data: object, precondition?: object): unknown;
  delete(ref: object, precondition?: object): unknown;
}

export interface Database {
  doc(path: string): Ref;
  collection(path: string): Asked;
  collectionGroup(id: string): Asked;
  getAll(...args: unknown[]): Promise<readonly Document[]>;
  runTransaction<T>(body: (transaction: InTransaction) => Promise<T>, options?: object): Promise<T>;
}

export interface Place {
  readonly sdk: Sdk;
  readonly db: Database;
  /** What collections' ids begin with. */
  readonly prefix: string;
}

/** A path of a history, here: each collection's id has the prefix. */
export function pathAt({ prefix }: Place, path: string): string {
  return path
    .split('/')
    .map((id, index) => (index % 2 === 0 ? `${prefix}${id}` : id))
    .join('/');
}

export function fieldAt({ sdk }: Place, field: Field): unknown {
  return typeof field === 'string' ? field : new sdk.FieldPath(...field);
}

export function dataAt(place: Place, data: Data): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of data) {
    // As a property of its own, whatever it is called.
    Object.defineProperty(object, name, {
      value: valueAt(place, value),
      ...{ enumerable: true, configurable: true, writable: true },
    });
  }
  return object;
}

export function valueAt(place: Place, value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { FieldValue, GeoPoint, Timestamp } = place.sdk;
  switch (value.is) {
    case 'undefined':
      return undefined;
    case 'delete':
      return FieldValue.delete();
    case 'now':
      return FieldValue.serverTimestamp();
    case 'time':
      return new Timestamp(value.seconds, value.nanoseconds);
    case 'bytes':
      return Buffer.from(value.bytes);
    case 'point':
      return new GeoPoint(value.latitude, value.longitude);
    case 'name':
      return place.db.doc(pathAt(place, value.doc));
    case 'list':
      return value.elements.map((each) => valueAt(place, each));
    case 'map':
      return dataAt(place, value.fields);
    case 'union':
      return FieldValue.arrayUnion(...value.elements.map((each) => valueAt(place, each)));
    case 'remove':
      return FieldValue.arrayRemove(...value.elements.map((each) => valueAt(place, each)));
    case 'increment':
      return FieldValue.increment(value.by);
    case 'filler':
      return 'x'.repeat(value.bytes);
  }
}
