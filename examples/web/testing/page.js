// The app's page in the test: installs a worker as Firebase's SDK does, and keeps what arrives while it is open.
import { initializeApp } from 'firebase/app';
import { firebaseConfig } from '../config.js';
import { whileOpen } from '../push.js';

self.arrived = [];
whileOpen(initializeApp(firebaseConfig), (push) => self.arrived.push(push));

self.install = async (url) => {
  const { installing } = await navigator.serviceWorker.register(url, {
    // The SDK's own scope, so that it is in no other worker's way.
    scope: '/firebase-cloud-messaging-push-scope',
  });
  await new Promise((resolve) => {
    installing.addEventListener('statechange', () => {
      if (installing.state === 'activated') resolve();
    });
  });
};
