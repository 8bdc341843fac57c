// The same as push.js by Firebase installation id, which replaces tokens in newer SDKs (firebase 12.19 has it).
import { getFunctions, httpsCallable } from 'firebase/functions';
import { getId, getInstallations } from 'firebase/installations';
import { getMessaging, onRegistered, register, unregister } from 'firebase/messaging';
import { REGION, VAPID_KEY } from './config.js';

const call = (app, name, data) => httpsCallable(getFunctions(app, REGION), name)(data);

/** Call after sign-in, in response to a click: browsers only ask for permission then. Resolves to false if it was refused. */
export async function startPush(app) {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const messaging = getMessaging(app);
  // Also later, whenever the SDK has a new id.
  onRegistered(messaging, (address) =>
    call(app, 'registerToken', { address, platform: 'web' }).catch(console.error),
  );
  await register(messaging, { vapidKey: VAPID_KEY });
  return true;
}

/** Call before signing out. */
export async function stopPush(app) {
  try {
    await call(app, 'unregisterToken', { address: await getId(getInstallations(app)) });
  } finally {
    // FCM forgets this browser even if the call failed.
    await unregister(getMessaging(app));
  }
}
