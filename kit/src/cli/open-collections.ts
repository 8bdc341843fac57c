/** Opens a deployment's Firestore from the command line: loaded only by commands that read there. */
import { Firestore } from '@google-cloud/firestore';
import { applicationDefault } from 'firebase-admin/app';
import { within } from '../model/within';
import { Collections } from '../store/collections';
import { FIRESTORE_SETTINGS } from '../store/firestore';
import type { Deployment } from './deployment';

/** By the application default credentials, or those of an emulator, which are nobody's. */
export function openCollections({
  project,
  emulator,
  names,
}: Pick<Deployment, 'project' | 'emulator' | 'names'>): Collections {
  const db = new Firestore({
    ...FIRESTORE_SETTINGS,
    projectId: project,
    databaseId: names.database,
    ...(emulator === undefined ? {} : { host: emulator, ssl: false }),
  });
  return new Collections(db, names);
}

const WITHIN_MS = 10_000;

/** Rejects where there are no application default credentials that work: the client itself would end the process with a stack. */
export async function expectCredentials(): Promise<void> {
  await within(
    WITHIN_MS,
    () => applicationDefault().getAccessToken(),
    `no answer within ${WITHIN_MS / 1000} s`,
  );
}
