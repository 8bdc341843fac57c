// A react-native-firebase app registers this phone for push after sign-in.
import { getApp } from '@react-native-firebase/app';
import { getFunctions, httpsCallable } from '@react-native-firebase/functions';
import {
  AuthorizationStatus,
  deleteToken,
  getMessaging,
  getToken,
  onTokenRefresh,
  requestPermission,
  setBackgroundMessageHandler,
} from '@react-native-firebase/messaging';
import { Platform } from 'react-native';

/** Where your functions are: `REGION` of functions/.env. */
const REGION = 'us-central1';

const messaging = getMessaging(getApp());
const call = (name, data) => httpsCallable(getFunctions(getApp(), REGION), name)(data);
const register = (address) => call('registerToken', { address, platform: Platform.OS });

/** Call after sign-in. Resolves to a function that stops listening, or to undefined if the user declined. */
export async function startPush() {
  const status = await requestPermission(messaging);
  if (status === AuthorizationStatus.DENIED) return undefined;
  await register(await getToken(messaging));
  return onTokenRefresh(messaging, register);
}

/** Call before signing out, and stop listening first. */
export async function stopPush() {
  try {
    await call('unregisterToken', { address: await getToken(messaging) });
  } finally {
    // The token becomes invalid even if the call failed, so that no push reaches this phone by mistake.
    await deleteToken(messaging);
  }
}

/** Call once in index.js, outside any component: data-only pushes while the app is in the background. */
export function handleBackground(handle) {
  setBackgroundMessageHandler(messaging, ({ data }) => handle(data));
}
