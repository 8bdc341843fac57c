/**
 * Which keys an app's data may have: not those that Google, Apple, Firestore or this backend take for themselves.
 */

/** A field's name in Firestore has at most 1,500 bytes; no character of these has more than three. */
const MAX_KEY_CHARACTERS = 256;

/**
 * - `from`, `notification`, `message_type`, whatever begins with `google` or `gcm`: reserved words of FCM ("Firebase Cloud Messaging
 *   message types"; REST reference, `Message.data`; ErrorCode, `INVALID_ARGUMENT`). Play services compare without regard to case.
 * - `collapse_key`: dropped by the Android SDK (`Constants.MessagePayloadKeys.extractDeveloperDefinedPayload`).
 * - `aps`: Apple's ("Generating a remote notification"); `fcm_options`: where Firebase's SDK looks for the picture. On Apple's
 *   devices data stands beside both.
 */
const OF_PROVIDERS =
  /^(?:from|notification|message_type|collapse_key|aps|fcm_options)$|^(?:google|gcm)/i;

const RESERVED =
  'is reserved by FCM or Apple: expected a key other than "from", "notification", "message_type", "collapse_key", "aps", "fcm_options", "google…", "gcm…"';

/** What this backend says beside the data. */
const OURS: ReadonlyMap<string, string> = new Map([
  ['type', 'is the name of the notification: expected another key for your own data'],
  ['deliveryId', 'is the id of the delivery: expected another key for your own data'],
]);

/** What is wrong with a key of `data`; undefined if nothing is. */
export function dataKeyProblem(key: string): string | undefined {
  return OF_PROVIDERS.test(key) ? RESERVED : (OURS.get(key) ?? fieldNameProblem(key));
}

/** What is wrong with a key beside `aps` that a notification brings for Apple alone; undefined if nothing is. */
export function appleKeyProblem(key: string): string | undefined {
  if (key === 'aps') return 'expected keys beside "aps": put its keys into apns.aps';
  if (key === 'fcm_options') return 'is where the image goes: expected it as "image"';
  if (/^(?:google|gcm)/i.test(key)) {
    return 'is reserved by FCM: expected a key that does not begin with "google" or "gcm"';
  }
  return key.isWellFormed() ? undefined : 'expected a key of whole characters';
}

/** What is wrong with the name of a field in a map that Firestore keeps; undefined if nothing is. */
export function fieldNameProblem(name: string): string | undefined {
  if (name === '' || name.length > MAX_KEY_CHARACTERS || !name.isWellFormed()) {
    return `expected a key of 1 to ${MAX_KEY_CHARACTERS} characters`;
  }
  return /^__.*__$/s.test(name)
    ? 'is reserved by Firestore: expected a key that does not begin and end with "__"'
    : undefined;
}
