/**
 * What the words behind a code add to it: `THIRD_PARTY_AUTH_ERROR (InvalidProviderToken)`; pure.
 */
import { APNS_REASONS, type ApnsReason } from '../../providers/apns/reasons';
import { APNS_CODES } from './apns-codes';
import { DOCTOR, quoted, SEND_AGAIN, type CodeEntry } from './entry';
import { CONSOLE_APPLE } from './fcm-codes';

const CHECK_FIELDS =
  'Compare the fields of the notification with docs/outbox.md: one of them is not as FCM takes it.';

/** Words of our own, and what they change. Those that say no more than the code itself change nothing. */
const DETAILS: readonly (readonly [
  pattern: RegExp,
  refine: (entry: CodeEntry, match: RegExpExecArray) => CodeEntry,
])[] = [
  [
    /^the address alone was not refused$/,
    ({ sentence }) => ({
      sentence: `${sentence} A small push to the same device was not refused, so the fault is in this one.`,
      remedy: CHECK_FIELDS,
    }),
  ],
  [
    /^the address alone was answered (\S+)$/,
    ({ sentence, remedy }, [, code = '']) => ({
      sentence: `${sentence} A small push to it was answered otherwise (${quoted(code)}), so the address stays.`,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  ],
  [
    /^nothing was accepted from this credential yet$/,
    ({ sentence }) => ({
      sentence: `${sentence} FCM has accepted nothing of these functions yet, so the address stays.`,
      remedy: `Check the project and the functions’ service account: ${DOCTOR}.`,
    }),
  ],
  [
    /^most addresses got this answer: /,
    ({ sentence }) => ({
      sentence: `${sentence} Most devices of the batch got this answer, so the fault is not theirs.`,
      remedy: `Check project and service account with ${DOCTOR}, and the notification’s fields with docs/outbox.md.`,
    }),
  ],
  [
    /^the app has registered the address again since$/,
    ({ sentence }) => ({
      sentence: `${sentence} But the app has registered it again since, so it stays.`,
      severity: 'note',
    }),
  ],
  [
    /^not valid in (\w+); \w+ could not be tried: \S+$/,
    (_entry, [, home = '']) => ({
      sentence: `APNs does not know this token in ${home}, and refused the key for the other environment, so the token stays.`,
      remedy:
        'Make a key for both environments at developer.apple.com > Keys, and set it up as docs/apns.md says.',
    }),
  ],
  [
    /^valid in neither environment, /,
    ({ sentence, remedy }) => ({
      sentence: `${sentence} It has accepted nothing with this key yet, so the token stays.`,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  ],
  [/^a native APNs token needs an APNs key/, unchanged],
  [/^set APNS_TOPIC to the bundle id/, unchanged],
  [/^it was sent, perhaps more than once/, unchanged],
  [/^FCM does not accept our access token/, unchanged],
  [/^a token signed just now is refused, too: check the clock$/, unchanged],
  [/^Notification ".*": expected a payload of at most/s, unchanged],
];

function unchanged(entry: CodeEntry): CodeEntry {
  return entry;
}

/** The entry of a code with what its detail adds; undefined for words that are not known. */
export function refined(code: string, entry: CodeEntry, detail: string): CodeEntry | undefined {
  for (const [pattern, refine] of DETAILS) {
    const match = pattern.exec(detail);
    if (match !== null) return refine(entry, match);
  }
  if (code === 'THIRD_PARTY_AUTH_ERROR') return refusedByApple(detail);
  if (isApnsReason(detail)) return passedOn(detail);
  const [, status] = /^APNs (\d{3}|error)$/.exec(detail) ?? [];
  if (status !== undefined) {
    return {
      sentence: `FCM passes on that APNs refused the push (${status}), without a reason.`,
      remedy: CHECK_FIELDS,
    };
  }
  if (detail === 'unnamed field' || /^message(?:[.[][\w.[\]-]{0,100})?$/.test(detail)) {
    return {
      sentence: `FCM refused a field of the push: ${detail}.`,
      remedy: CHECK_FIELDS,
    };
  }
  return undefined;
}

/** The same with words that are not known: they are repeated. */
export function withWords(entry: CodeEntry, detail: string): CodeEntry {
  return { ...entry, sentence: `${entry.sentence} It says: "${quoted(detail)}".` };
}

function isApnsReason(detail: string): detail is ApnsReason {
  return Object.hasOwn(APNS_REASONS, detail);
}

/** Apple’s answer to FCM, which sends with the key and the bundle id that Firebase has: the functions’ own are not asked. */
function passedOn(detail: ApnsReason): CodeEntry {
  const { sentence, remedy = SEND_AGAIN }: CodeEntry = APNS_CODES[detail];
  const entry = { sentence: `FCM passes on: ${sentence}`, remedy };
  switch (APNS_REASONS[detail].action) {
    case 'fix-credential':
    case 'fix-environment':
    case 'renew-token':
    case 'hold-token':
      return refusedByApple(detail);
    case 'fix-configuration':
    case 'try-other-environment':
      return { ...entry, remedy: CONSOLE_APP };
    case 'fix-request':
    case 'prune-if-not-refreshed':
    case 'slow-down':
    case 'reconnect':
    case 'retry-later':
      return entry;
  }
}

const CONSOLE_APP =
  'Check in the Firebase console, Project settings > General > Your apps, that the bundle id and team id are those of the app.';

/** Of the key that was uploaded to Firebase. */
function refusedByApple(detail: string): CodeEntry {
  switch (detail) {
    case 'BadEnvironmentKeyIdInToken':
    case 'BadEnvironmentKeyInToken':
      return {
        sentence:
          'Apple refused the APNs key that Firebase has of the project: it is for the other environment (production or sandbox).',
        remedy: CONSOLE_APPLE.replace(
          'the APNs key (.p8)',
          'an APNs key (.p8) for both environments',
        ),
      };
    case 'InvalidProviderToken':
      return {
        sentence:
          'Apple refused the APNs key that Firebase has of the project: it was revoked, or its key id or team id is wrong (InvalidProviderToken).',
        remedy: CONSOLE_APPLE,
      };
    default:
      return {
        sentence: `Apple refused the APNs key or certificate that Firebase has of the project (${quoted(detail)}).`,
        remedy: CONSOLE_APPLE,
      };
  }
}
