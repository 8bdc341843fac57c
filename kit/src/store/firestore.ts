/**
 * The Admin app and its Firestore, made when first needed: a function that needs neither does not pay for them.
 */
import type { Firestore, Settings } from '@google-cloud/firestore';
import { getApps, initializeApp, type App } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';

/**
 * A connection that has died without a word (a lost route, a suspended instance) shows only when nothing comes back: without PINGs every
 * read would wait for its whole time-out, minutes, and the next one again.
 *
 * A PING goes out while calls are under way, at most every ten seconds; the first call after a pause sends one at once. Google's front
 * ends end connections with more than one in thirty seconds *without other traffic* (as its own clients for Bigtable say), which a
 * connection with calls under way hardly ever is; and if one is ended all the same, gRPC doubles the interval by itself. Pinging idle
 * connections, which they like less, stays off.
 */
const GRPC_KEEPALIVE = {
  'grpc.keepalive_time_ms': 10_000,
  /** A busy instance may take seconds to look at its sockets. */
  'grpc.keepalive_timeout_ms': 5_000,
} as const;

/** How this backend talks to Firestore. */
export const FIRESTORE_SETTINGS: Settings = {
  // Optional fields are simply left out of documents.
  ignoreUndefinedProperties: true,
  // The SDK hands these on to every channel that it opens.
  grpcOptions: GRPC_KEEPALIVE,
};

export function adminApp(): App {
  return getApps()[0] ?? initializeApp();
}

/** One of the app's databases with this backend's settings; call it once, before anything is read. */
export function openFirestore(app: App, database: string): Firestore {
  const firestore = getFirestore(app, database);
  firestore.settings(FIRESTORE_SETTINGS);
  return firestore;
}
