// A web app registers this browser for push after sign-in. Needs a service worker at /firebase-messaging-sw.js.
import { getFunctions, httpsCallable } from 'firebase/functions';
import { deleteToken, getMessaging, getToken, onMessage } from 'firebase/messaging';
import { REGION, VAPID_KEY } from './config.js';
import { withdrawn } from './withdraw.js';

const call = (app, name, data) => httpsCallable(getFunctions(app, REGION), name)(data);

/** Call after sign-in, in response to a click: browsers only ask for permission then. Resolves to false if it was refused. */
export async function startPush(app) {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const address = await getToken(getMessaging(app), { vapidKey: VAPID_KEY });
  await call(app, 'registerToken', { address, platform: 'web' });
  return true;
}

/**
 * Pushes that arrive while a tab of the app is in front: the browser shows nothing then, so the app does.
 *
 * @param show gets title, body and link, which is a path of the app such as /posts/p1.
 * @returns the function that stops listening.
 */
export function whileOpen(app, show) {
  return onMessage(getMessaging(app), ({ notification, data }) => {
    if (data?.withdraw !== undefined) return close(data);
    const { title = data?.title, body = data?.body } = notification ?? {};
    show({ title, body, link: data?.link });
  });
}

/** What is withdrawn was shown before this tab came to the front. */
async function close(data) {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    for (const each of await withdrawn(data, registration)) each.close();
  }
}

/** Call before signing out. */
export async function stopPush(app) {
  try {
    const address = await getToken(getMessaging(app), { vapidKey: VAPID_KEY });
    await call(app, 'unregisterToken', { address });
  } finally {
    // The token becomes invalid even if the call failed, so that no push reaches this browser by mistake.
    await deleteToken(getMessaging(app));
  }
}
