/** One device with the app on it, as the Firebase JS client SDK sees the world: signed in, with a token. */

import { deleteApp, initializeApp } from 'firebase/app';
import {
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  getAuth,
  signInAnonymously,
  signInWithEmailAndPassword,
  signOut,
} from 'firebase/auth';
import {
  addDoc,
  arrayUnion,
  collection,
  connectFirestoreEmulator,
  doc,
  getFirestore,
  serverTimestamp,
  setDoc,
  setLogLevel,
  terminate,
  updateDoc,
} from 'firebase/firestore';
import * as lite from 'firebase/firestore/lite';
import type { Firestore } from 'firebase/firestore';
import { connectFunctionsEmulator, getFunctions, httpsCallable } from 'firebase/functions';

import { HOST } from '../stack/ports.ts';
import type { Ports } from '../stack/ports.ts';

export type Platform = 'android' | 'ios' | 'web';

export interface Account {
  email: string;
  password: string;
}

/** Everything the story does, it does through this: the calls an app would make. */
export interface Device {
  /** As the story calls it: `Maya's phone`. */
  name: string;
  token: string;
  platform: Platform;
  uid(): string;
  signUp(account: Account, displayName: string): Promise<void>;
  signIn(account: Account): Promise<void>;
  /** With an anonymous account. */
  signInAsGuest(): Promise<void>;
  signOut(): Promise<void>;
  registerByCallable(): Promise<void>;
  /** The line of client code that apps have long had: an `arrayUnion` on the user's own document. */
  registerByArrayUnion(): Promise<void>;
  unregister(): Promise<void>;
  /** Calls any callable; resolves to its answer. */
  call(callable: string, data: Record<string, unknown>): Promise<unknown>;
  /** Sets a document; `createdAt` is the server's time. */
  create(path: string, fields: Record<string, unknown>): Promise<void>;
  /** For what an app writes in one batch. */
  firestore: Firestore;
  /** Adds a document to a collection; returns its id. */
  add(path: string, fields: Record<string, unknown>): Promise<string>;
  /** The user's tokens as they stand on the server. */
  tokens(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function createDevice(
  name: string,
  platform: Platform,
  token: string,
  projectId: string,
  ports: Ports,
  region: string,
): Device {
  // A stream that ends with the emulators is no news; an error of an act is thrown by the act.
  setLogLevel('error');
  const app = initializeApp({ projectId, apiKey: 'any key will do', appId: name }, name);
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${HOST}:${ports.auth}`, { disableWarnings: true });
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, HOST, ports.firestore);
  // The emulator garbles a listen stream when the document is written to while the stream starts (seen with the
  // emulator of 2025-06), and the SDK then waits a minute. Reads that race with the server's writes go without one.
  const direct = lite.getFirestore(app);
  lite.connectFirestoreEmulator(direct, HOST, ports.firestore);
  const functions = getFunctions(app, region);
  connectFunctionsEmulator(functions, HOST, ports.functions);

  const uid = (): string => {
    if (!auth.currentUser) throw new Error(`${name} is not signed in`);
    return auth.currentUser.uid;
  };
  const call = async (callable: string, data: Record<string, unknown>): Promise<unknown> =>
    (await httpsCallable(functions, callable)(data)).data;

  return {
    name,
    token,
    platform,
    firestore,
    uid,
    async signUp({ email, password }, displayName) {
      await createUserWithEmailAndPassword(auth, email, password);
      await setDoc(doc(firestore, 'users', uid()), { displayName });
    },
    async signIn({ email, password }) {
      await signInWithEmailAndPassword(auth, email, password);
    },
    async signInAsGuest() {
      await signInAnonymously(auth);
    },
    signOut: () => signOut(auth),
    async registerByCallable() {
      await call('registerToken', { address: token, platform });
    },
    registerByArrayUnion: () =>
      updateDoc(doc(firestore, 'users', uid()), { tokens: arrayUnion(token) }),
    async unregister() {
      await call('unregisterToken', { address: token });
    },
    call,
    create: (path, fields) =>
      setDoc(doc(firestore, path), { ...fields, createdAt: serverTimestamp() }),
    async add(path, fields) {
      const added = { ...fields, createdAt: serverTimestamp() };
      return (await addDoc(collection(firestore, path), added)).id;
    },
    async tokens() {
      const user = await lite.getDoc(lite.doc(direct, 'users', uid()));
      return (user.data()?.tokens ?? []) as readonly string[];
    },
    async close() {
      await Promise.all([terminate(firestore), lite.terminate(direct)]);
      await deleteApp(app);
    },
  };
}
