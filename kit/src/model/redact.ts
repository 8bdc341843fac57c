/**
 * Takes whatever may be a device's address, or a credential, out of words that are not ours: messages and stacks of errors; pure.
 *
 * The last line of defence, not the first: what we say ourselves names addresses by fingerprint. So it would rather take too much, e.g.
 * the hash that names a device's record, than let an address pass.
 */

const SECRETIVE = new RegExp(
  [
    // FCM registration tokens, whole or cut.
    String.raw`[\w-]*:APA91[\w-]*`,
    // Expo's push tokens.
    String.raw`Expo(?:nent)?PushToken\[[^\]\s]*\]?`,
    // APNs device tokens.
    String.raw`(?<![0-9a-f])[0-9a-f]{64,}(?![0-9a-f])`,
    // Firebase installation ids.
    String.raw`(?<![\w-])[cdef][\w-]{21}(?![\w-])`,
    // ID tokens, access tokens and keys, and whatever else is that long without a break.
    String.raw`[\w:~%.=+-]{100,}`,
  ].join('|'),
  'gi',
);

/** The same words with `<redacted>` in place of each such string. */
export function redact(words: string): string {
  return words.replace(SECRETIVE, '<redacted>');
}

/** An error's message, without a stack: for errors whose cause is the input, not the code. Holds no address. */
export function messageOf(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error));
}

/** An error with its stack, where it has one: for errors whose cause may be the code. Holds no address. */
export function stackOf(error: unknown): string {
  return redact(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
