// The three things that are yours. Both the page and the service worker read them here.

/** Firebase console → Project settings → Your apps → SDK setup and configuration. */
export const firebaseConfig = {
  apiKey: 'YOUR-API-KEY',
  authDomain: 'YOUR-PROJECT.firebaseapp.com',
  projectId: 'YOUR-PROJECT',
  messagingSenderId: '1234567890',
  appId: '1:1234567890:web:0123456789abcdef',
};

/** Firebase console → Project settings → Cloud Messaging → Web Push certificates. */
export const VAPID_KEY = 'YOUR-VAPID-KEY';

/** Where your functions are: `REGION` of functions/.env (us-central1 for nam5 and nam7, europe-west1 for eur3). */
export const REGION = 'us-central1';
