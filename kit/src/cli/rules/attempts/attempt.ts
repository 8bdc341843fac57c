/** The words of the tables beside this file: who acts, on what, and what must be allowed or denied. */
import { Timestamp, type DocumentData, type Firestore } from '@google-cloud/firestore';

/** The custom claims of everybody who acts; `nobody`, who is signed out, has none. */
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

/** Firestore as a person sees it, through the rules. */
export interface Client {
  /** For writes. */
  readonly firestore: Firestore;
  readonly get: (path: string) => Promise<unknown>;
  readonly list: (collection: string) => Promise<unknown>;
  readonly search: (collection: string, where: Where) => Promise<unknown>;
  /** All documents of collections of one name, wherever they are. */
  readonly searchGroup: (name: string) => Promise<unknown>;
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

export const search = (who: Person, collection: string, where: Where): Act => ({
  on: collection,
  run: (as) => as[who].search(collection, where),
});

export const searchGroup = (who: Person, name: string): Act => ({
  on: `every collection "${name}"`,
  run: (as) => as[who].searchGroup(name),
});

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
    [`a user lists ${siblings}`]: list('alice', siblings),
    [`a user creates ${beside}`]: set('alice', beside, { uid: 'alice' }),
    [`a user updates ${path}`]: update('alice', path, { uid: 'alice' }),
    [`a user deletes ${path}`]: remove('alice', path),
    [`an admin reads ${path}`]: get('admin', path),
    [`an admin writes ${path}`]: set('admin', path, { uid: 'admin' }),
    [`a signed-out caller reads ${path}`]: get('nobody', path),
    [`a signed-out caller writes ${path}`]: set('nobody', path, { uid: 'x' }),
  };
}
