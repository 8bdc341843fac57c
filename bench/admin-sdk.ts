/** The Admin SDK of the functions, with a made-up service account that no request ever leaves this machine with. */

import { generateKeyPairSync } from 'node:crypto';
// Types of a package that is installed for the functions only.
import type * as AppModule from '../functions/node_modules/firebase-admin/lib/app/index.js';
import type * as MessagingModule from '../functions/node_modules/firebase-admin/lib/messaging/index.js';
import { dependency } from './built.ts';
import { ACCESS_TOKEN, PROJECT_ID } from './wire/account.ts';

export type Messaging = MessagingModule.Messaging;
export type MulticastMessage = MessagingModule.MulticastMessage;
export type SendResponse = MessagingModule.SendResponse;

/** The app of this process; made when it is first asked for. */
export function benchApp(): AppModule.App {
  const { cert, getApps, initializeApp } = dependency<typeof AppModule>('firebase-admin/app');
  const [made] = getApps();
  if (made !== undefined) return made;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const clientEmail = `bench@${PROJECT_ID}.iam.gserviceaccount.com`;
  const credential = cert({ projectId: PROJECT_ID, clientEmail, privateKey });
  credential.getAccessToken = () =>
    Promise.resolve({ access_token: ACCESS_TOKEN, expires_in: 3600 });
  return initializeApp({ projectId: PROJECT_ID, credential });
}

export function messaging(): Messaging {
  const { getMessaging } = dependency<typeof MessagingModule>('firebase-admin/messaging');
  return getMessaging(benchApp());
}
