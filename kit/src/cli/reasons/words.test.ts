/** How all sentences and remedies read, and that whatever they name is there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../../model/redact';
import { APNS_REASONS } from '../../providers/apns/reasons';
import { valuesIn } from '../../settings';
import { APNS_CODES } from './apns-codes';
import { findCode, unknownCode } from './codes';
import { CONNECTION_PATTERNS, HTTP2_CODES } from './connection-codes';
import { DELIVERY_REASONS } from './deliveries';
import { inGeneral, inTheEnd, type CodeEntry, type Reason } from './entry';
import { FCM_CODES, GOOGLE_CODES } from './fcm-codes';
import { OWN_CODES } from './own-codes';
import { KEPT_REASONS, PERSON_REASONS } from './persons';
import { PUSH_REASONS } from './pushes';
import { answerReason, personReason } from './reason';

const ROOT = join(__dirname, '../../../..');
/** Of a sentence that stands alone. */
const MAX_LENGTH = 220;
/** Of one that is put together from two. */
const MAX_TOGETHER = 340;

const CODES: readonly (readonly [code: string, entry: CodeEntry])[] = [
  ...Object.entries({ ...FCM_CODES, ...GOOGLE_CODES, ...APNS_CODES, ...OWN_CODES, ...HTTP2_CODES }),
  ...CONNECTION_PATTERNS.map(([example, , entry]) => [example, entry] as const),
  ...[
    'NO_ACCESS_TOKEN: expected an access token within 10000 ms',
    'APNS_ExpiredToken',
    'HTTP_400',
    'HTTP_502',
    'HTTP_502_UNREADABLE',
    'ECONNREFUSED',
    'ENOTFOUND',
    'CERT_HAS_EXPIRED',
    'ERR_HTTP2_GOAWAY_SESSION',
  ].map((code) => [code, findCode(code) as CodeEntry] as const),
  ['SomethingNew_503', unknownCode('SomethingNew_503')],
];

const DETAILS = [
  'the address alone was not refused',
  'the address alone was answered HTTP_404',
  'nothing was accepted from this credential yet',
  'most addresses got this answer: check project, credential and payload',
  'the app has registered the address again since',
  'not valid in production; sandbox could not be tried: BadEnvironmentKeyInToken',
  'valid in neither environment, but no other address has been accepted with this key yet: check key and topic',
  'message.android.notification.notification_priority',
  'APNs 413',
  'words that nobody knows, and which go on and on, as words of a provider do that were never seen before',
  ...Object.keys(APNS_REASONS),
];

const ALONE: readonly (readonly [string, Reason])[] = [
  ...CODES.flatMap(([code, entry]) => [
    [code, inGeneral(entry)] as const,
    [`${code} in the end`, inTheEnd(entry)] as const,
  ]),
  ...[PERSON_REASONS, KEPT_REASONS, DELIVERY_REASONS, PUSH_REASONS].flatMap((table) =>
    Object.entries(table as Readonly<Record<string, Reason>>),
  ),
];

const TOGETHER: readonly (readonly [string, Reason])[] = [
  ...CODES.map(([code]) => {
    const reason = `delivered + failed:${code}`;
    return [reason, personReason(reason)] as const;
  }),
  ...CODES.map(
    ([code]) => [`expired ${code}`, answerReason({ outcome: 'expired', code })] as const,
  ),
  ...Object.keys(KEPT_REASONS).flatMap((prune) =>
    CODES.map(
      ([code]) =>
        [
          `${code} kept:${prune}`,
          answerReason({
            outcome: 'unregistered',
            code,
            prune: prune as keyof typeof KEPT_REASONS,
          }),
        ] as const,
    ),
  ),
  ...['THIRD_PARTY_AUTH_ERROR', 'INVALID_ARGUMENT', 'SENDER_ID_MISMATCH', 'BadDeviceToken'].flatMap(
    (code) =>
      DETAILS.map(
        (detail) =>
          [`${code} (${detail})`, answerReason({ outcome: 'rejected', code, detail })] as const,
      ),
  ),
];
const ALL = [...ALONE, ...TOGETHER];

/** `[where, what]` of each that a check finds fault with. */
function faulty(
  reasons: readonly (readonly [string, Reason])[],
  isFaulty: (text: string) => boolean,
): string[] {
  return reasons.flatMap(([name, { sentence, remedy }]) =>
    [sentence, ...(remedy === undefined ? [] : [remedy])]
      .filter(isFaulty)
      .map((text) => `${name}: ${text}`),
  );
}

it('every sentence and remedy begins with a capital letter and ends with a full stop', () => {
  expect(ALL.length).toBeGreaterThan(400);
  expect(faulty(ALL, (text) => !/^[A-Z].*[^.]\.$/.test(text))).toEqual([]);
});

it('none is longer than can be read at a glance', () => {
  expect(faulty(ALONE, ({ length }) => length > MAX_LENGTH)).toEqual([]);
  expect(faulty(TOGETHER, ({ length }) => length > MAX_TOGETHER)).toEqual([]);
});

it('none holds what may be an address', () => {
  expect(faulty(ALL, (text) => redact(text) !== text)).toEqual([]);
});

it('a problem has a remedy, and what is well has none', () => {
  const isLeftAlone = ([, { severity, remedy }]: readonly [string, Reason]): boolean =>
    severity === 'problem' ? remedy === undefined : severity === 'good' && remedy !== undefined;
  expect(ALL.filter(isLeftAlone).map(([name]) => name)).toEqual([]);
});

const texts = ALL.flatMap(([, { sentence, remedy = '' }]) => [sentence, remedy]);

const COMMANDS = 'doctor why retry indexes rules backfill status cancel console'.split(' ');

it('every command that is named exists', () => {
  const named = texts.flatMap((text) => [
    ...text.matchAll(/npx @firestore-push\/push(?: (\w+))?/g),
  ]);
  const commands = new Set(named.map(([, command = 'none']) => command));
  expect(commands.size).toBeGreaterThan(3);
  expect([...commands].filter((command) => !COMMANDS.includes(command))).toEqual([]);
});

it('every guide that is named is there', () => {
  const named = new Set(texts.flatMap((text) => [...(text.match(/docs\/[\w-]+\.md/g) ?? [])]));
  expect(named.size).toBeGreaterThan(3);
  expect([...named].filter((guide) => !existsSync(join(ROOT, guide)))).toEqual([]);
});

it('every setting that is named is one', () => {
  const remedies = ALL.flatMap(([, { remedy = '' }]) => remedy);
  const named = new Set(remedies.flatMap((text) => text.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []));
  expect(named.size).toBeGreaterThan(4);
  // The secret is no setting with a value in .env.
  const settings = new Set([...Object.keys(valuesIn({})), 'APNS_KEY']);
  expect([...named].filter((name) => !settings.has(name))).toEqual([]);
});
