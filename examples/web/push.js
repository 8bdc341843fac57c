// A web app registers this browser for push after sign-in. Needs a service worker at /firebase-messaging-sw.js.
import { deleteToken, getMessaging, getToken } from 'firebase/messaging';
import { getFunctions, httpsCallable } from 'firebase/functions';

/** Call after sign-in, from a click: browsers only ask for permission then. Resolves to false if it was refused. */
export async function startPush(app, vapidKey) {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const address = await getToken(getMessaging(app), { vapidKey });
  await httpsCallable(getFunctions(app), 'registerToken')({ address, platform: 'web' });
  return true;
}

/** Call before signing out. */
export async function stopPush(app, vapidKey) {
  try {
    const address = await getToken(getMessaging(app), { vapidKey });
    await httpsCallable(getFunctions(app), 'unregisterToken')({ address });
  } finally {
    // The token dies even if the call did not get through, so nobody's push reaches this browser by mistake.
    await deleteToken(getMessaging(app));
  }
}
