/** The words of the tables beside this file: who acts, on what, and what must be allowed or denied. */
import {
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  setDoc,
  Timestamp,
  updateDoc,
} from 'firebase/firestore';
import type { DocumentData, Firestore, WithFieldValue } from 'firebase/firestore';
import type { Person } from '../../../kit/src/cli/rules/attempts/attempt.ts';

/** Firestore as each person sees it, through the rules; `guest` has an anonymous account. */
export type People = Readonly<Record<Person | 'guest', Firestore>>;

/** One act: allowed if the promise fulfils, denied if it is rejected with `permission-denied`. */
export type Act = (as: People) => Promise<unknown>;

/** One rule tried both ways: attacks, and beside them the honest acts they imitate. */
export interface Attempts {
  readonly rule: string;
  /** The documents that stand before each act, by path. */
  readonly given: Readonly<Record<string, WithFieldValue<DocumentData>>>;
  readonly allowed: Readonly<Record<string, Act>>;
  readonly denied: Readonly<Record<string, Act>>;
}

/** A date in the past, for documents that stand already and for attackers who choose their own. */
export const longAgo = Timestamp.fromMillis(1_500_000_000_000);

/** One act for each row of a table, named after the row. */
export function each<Row>(
  rows: Readonly<Record<string, Row>>,
  act: (row: Row) => Act,
): Record<string, Act> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, act(row)]));
}

/** Every way to reach a document: read it, find it, make one beside it, change it, delete it. */
export function everyAct(path: string): Record<string, Act> {
  const beside = path.replace(/[^/]+$/, 'another');
  const siblings = path.replace(/\/[^/]+$/, '');
  return {
    [`a user reads ${path}`]: (as) => getDoc(doc(as.alice, path)),
    [`a user lists ${siblings}`]: (as) => getDocs(collection(as.alice, siblings)),
    [`a user creates ${beside}`]: (as) => setDoc(doc(as.alice, beside), { uid: 'alice' }),
    [`a user updates ${path}`]: (as) => updateDoc(doc(as.alice, path), { uid: 'alice' }),
    [`a user deletes ${path}`]: (as) => deleteDoc(doc(as.alice, path)),
    [`an admin reads ${path}`]: (as) => getDoc(doc(as.admin, path)),
    [`an admin writes ${path}`]: (as) => setDoc(doc(as.admin, path), { uid: 'admin' }),
    [`a signed-out caller reads ${path}`]: (as) => getDoc(doc(as.nobody, path)),
    [`a signed-out caller writes ${path}`]: (as) => setDoc(doc(as.nobody, path), { uid: 'x' }),
  };
}
