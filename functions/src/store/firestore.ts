/**
 * The Admin app and its Firestore, made when first needed: a function that needs neither does not pay for them.
 */
import type { Firestore } from '@google-cloud/firestore';
import { getApps, initializeApp, type App } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';

let firestore: Firestore | undefined;

export function adminApp(): App {
  return getApps()[0] ?? initializeApp();
}

export function adminFirestore(): Firestore {
  if (firestore === undefined) {
    firestore = getFirestore(adminApp());
    // Optional fields are simply left out of documents.
    firestore.settings({ ignoreUndefinedProperties: true });
  }
  return firestore;
}
