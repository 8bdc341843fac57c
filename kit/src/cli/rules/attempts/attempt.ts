/** The words of the tables beside this file: who acts, on what, and what must be allowed or denied. */
import {
  Timestamp,
  type DocumentData,
  type FieldPath,
  type Firestore,
} from '@google-cloud/firestore';

/** The custom claims of everybody who acts, with a verified e-mail; `nobody`, who is signed out, has none. */
export const CLAIMS = {
  alice: {},
  bob: {},
  carol: {},
  admin: { admin: true },
  formerAdmin: { admin: false },
  adminInWords: { admin: 'true' },
  adminAsNumber: { admin: 1 },
} as const;

export type Person = keyof typeof CLAIMS | 'nobody';

/** One comparison of a query. */
export interface Where {
  readonly field: string;
  readonly op: 'EQUAL' | 'ARRAY_CONTAINS';
  readonly value: { readonly stringValue: string } | { readonly referenceOf: string };
}

/** What a query asks for: everything, if it says nothing. */
export interface Query {
  /** All that must hold. */
  readonly where?: readonly Where[];
  readonly limit?: number;
}

/** Firestore as a person sees it, through the rules. */
export interface Client {
  /** For writes. */
  readonly firestore: Firestore;
  readonly get: (path: string) => Promise<unknown>;
  readonly list: (collection: string) => Promise<unknown>;
  readonly search: (collection: string, query: Query) => Promise<unknown>;
  /** In all collections of one name, wherever they are. */
  readonly searchGroup: (name: string, query: Query) => Promise<unknown>;
}

export type People = Readonly<Record<Person, Client>>;

/** One act: allowed if the promise fulfils, denied if it is rejected with the code `PERMISSION_DENIED`. */
export interface Act {
  /** The document or collection that it is about. */
  readonly on: string;
  readonly run: (as: People) => Promise<unknown>;
}

/** One rule tried both ways: attacks, and beside them the honest acts they imitate. */
export interface Attempts {
  readonly rule: string;
  /** The documents that stand before each act, by path. */
  readonly given: Readonly<Record<string, DocumentData>>;
  /** By what is done: a sentence without its full stop. */
  readonly allowed: Readonly<Record<string, Act>>;
  readonly denied: Readonly<Record<string, Act>>;
  /** What an app cannot do where an honest act is denied. */
  readonly ifDenied: string;
  /** What an attacker can do where an attack is allowed. */
  readonly ifAllowed: string;
  /** What an app need not have: where all honest acts are denied, it does not have it, and nothing is missing. */
  readonly optional?: string;
}

/** A date in the past, for documents that stand already. */
export const longAgo = Timestamp.fromMillis(1_500_000_000_000);
/** A date in the future. */
export const later = Timestamp.fromMillis(2_000_000_000_000);
/** An address that stands already. */
export const known = 'phone:APA91bExample';

export const addresses = (count: number) =>
  Array.from({ length: count }, (_, n) => `device-${n}:APA91b`);

/** Which notifications are wanted: of so many kinds none. */
export const mutedKinds = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`type-${n}`, false]));

/** The acts of several tables. */
export const together = (acts: readonly Record<string, Act>[]): Record<string, Act> =>
  Object.assign({}, ...acts) as Record<string, Act>;

/** One act for each row of a table, named after the row. */
export function each<Row>(
  rows: Readonly<Record<string, Row>>,
  act: (row: Row) => Act,
): Record<string, Act> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, act(row)]));
}

export const get = (who: Person, path: string): Act => ({
  on: path,
  run: (as) => as[who].get(path),
});

export const list = (who: Person, collection: string): Act => ({
  on: collection,
  run: (as) => as[who].list(collection),
});

export const search = (who: Person, collection: string, query: Query): Act => ({
  on: collection,
  run: (as) => as[who].search(collection, query),
});

export const searchGroup = (who: Person, name: string, query: Query = {}): Act => ({
  on: `every collection "${name}"`,
  run: (as) => as[who].searchGroup(name, query),
});

export const equals = (field: string, stringValue: string): Where => ({
  ...{ field, op: 'EQUAL' },
  value: { stringValue },
});

/** Rules can ask how much a query wants, and for whose documents: what they deny without a limit they may allow with one. */
function everyQuery(who: Person, { where = [] }: Query): Record<string, Query> {
  const own = [...where, equals('uid', who)];
  return {
    '': { where },
    ', one at a time': { where, limit: 1 },
    ...(who !== 'nobody' && {
      ', those with their own uid': { where: own },
      ', those with their own uid, one at a time': { where: own, limit: 1 },
    }),
  };
}

/** Each way to list a collection. @param what the sentence, such as `a user lists all users`. */
export const everyList = (what: string, who: Person, collection: string): Record<string, Act> => ({
  ...everySearch(what, who, collection, {}),
  [what]: list(who, collection),
});

/** Each way to search a collection. @param what the sentence. */
export function everySearch(
  what: string,
  who: Person,
  collection: string,
  query: Query,
): Record<string, Act> {
  return sentences(what, everyQuery(who, query), (each) => search(who, collection, each));
}

/** Each way to search through the collections of one name. @param what the sentence. */
export function everyGroupSearch(what: string, who: Person, name: string): Record<string, Act> {
  return sentences(what, everyQuery(who, {}), (each) => searchGroup(who, name, each));
}

function sentences(
  what: string,
  queries: Readonly<Record<string, Query>>,
  act: (query: Query) => Act,
): Record<string, Act> {
  return Object.fromEntries(
    Object.entries(queries).map(([how, query]) => [`${what}${how}`, act(query)]),
  );
}

export const set = (who: Person, path: string, data: DocumentData): Act => ({
  on: path,
  run: (as) => as[who].firestore.doc(path).set(data),
});

export const merge = (who: Person, path: string, data: DocumentData): Act => ({
  on: path,
  run: (as) => as[who].firestore.doc(path).set(data, { merge: true }),
});

export const update = (who: Person, path: string, data: DocumentData): Act => ({
  on: path,
  run: (as) => as[who].firestore.doc(path).update(data),
});

/** One field by its path, whose names may hold anything. */
export const updateField = (who: Person, path: string, field: FieldPath, value: unknown): Act => ({
  on: path,
  run: (as) => as[who].firestore.doc(path).update(field, value),
});

export const remove = (who: Person, path: string): Act => ({
  on: path,
  run: (as) => as[who].firestore.doc(path).delete(),
});

/** Every way to reach a document: read it, find it, make one beside it, change it, delete it. */
export function everyAct(path: string): Record<string, Act> {
  const beside = path.replace(/[^/]+$/, 'another');
  const siblings = path.replace(/\/[^/]+$/, '');
  return {
    [`a user reads ${path}`]: get('alice', path),
    ...everyList(`a user lists ${siblings}`, 'alice', siblings),
    [`a user creates ${beside}`]: set('alice', beside, { uid: 'alice' }),
    [`a user creates ${beside} with an address`]: set('alice', beside, {
      ...{ uid: 'alice', address: 'alice:APA91b' },
    }),
    [`a user creates ${beside} as its owner, with the uid of another`]: set('alice', beside, {
      ...{ userId: 'alice', owner: 'alice', ownerId: 'alice' },
      ...{ uid: 'bob', address: 'bob:APA91b' },
    }),
    [`a user updates ${path}`]: update('alice', path, { uid: 'alice' }),
    [`a user stamps ${path}`]: update('alice', path, {
      lastSeen: longAgo,
    }),
    [`a user takes over ${path}`]: update('bob', path, { uid: 'bob' }),
    [`a user takes over ${path} and stamps it`]: update('bob', path, {
      ...{ uid: 'bob', lastSeen: longAgo },
    }),
    [`a user deletes ${path}`]: remove('alice', path),
    [`an admin reads ${path}`]: get('admin', path),
    ...everyList(`an admin lists ${siblings}`, 'admin', siblings),
    [`an admin creates ${beside}`]: set('admin', beside, { uid: 'admin' }),
    [`an admin writes ${path}`]: set('admin', path, { uid: 'admin' }),
    [`an admin deletes ${path}`]: remove('admin', path),
    [`a signed-out caller reads ${path}`]: get('nobody', path),
    [`a signed-out caller writes ${path}`]: set('nobody', path, { uid: 'x' }),
  };
}
