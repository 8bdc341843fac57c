// An Expo app (development or production build) registers its native token: nothing goes through Expo's push service.
import * as Notifications from 'expo-notifications';
import { getFunctions, httpsCallable } from 'firebase/functions';
import { Platform } from 'react-native';

/** Where your functions are: `REGION` of functions/.env. */
const REGION = 'us-central1';

const call = (app, name, data) => httpsCallable(getFunctions(app, REGION), name)(data);

/** Call after sign-in. Resolves to a function that stops listening, or to undefined if the user declined. */
export async function startPush(app) {
  const { granted } = await Notifications.requestPermissionsAsync();
  if (!granted) return undefined;
  const register = ({ data: address }) =>
    call(app, 'registerToken', { address, platform: Platform.OS });
  // Android: an FCM registration token. iOS: an APNs device token. The backend tells them apart.
  await register(await Notifications.getDevicePushTokenAsync());
  const subscription = Notifications.addPushTokenListener(register);
  return () => subscription.remove();
}

/** Call before signing out, and stop listening first. */
export async function stopPush(app) {
  try {
    const { data: address } = await Notifications.getDevicePushTokenAsync();
    await call(app, 'unregisterToken', { address });
  } finally {
    // The token becomes invalid even if the call failed, so that no push reaches this phone by mistake.
    await Notifications.unregisterForNotificationsAsync();
  }
}
