/**
 * For tests: notifications as hostile as an app's documents can make them, and what Firestore keeps.
 */
import fc from 'fast-check';
import type { Draft } from '../model/notification/content';
import { complete } from '../model/notification/complete';
import { InvalidInputError } from '../model/invalid-input';
import type { Notification } from '../model/notification/notification';

/** Firestore: names of fields have at most 1,500 bytes, a document 1 MiB; an entry has other fields beside the content. */
const MAX_NAME_BYTES = 1500;
const MAX_CONTENT_BYTES = 100_000;

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    'Lia',
    '\u200B',
    '\u202E',
    '\u0000',
    '\uD800',
    '\n',
    '\u3164',
    '__x__',
    '__proto__',
    '/',
    '..',
  ),
);
const text = fc.oneof(
  { weight: 6, arbitrary: word },
  {
    weight: 1,
    arbitrary: fc
      .tuple(word, fc.integer({ min: 1, max: 20_000 }))
      .map(([each, times]) => each.repeat(times).slice(0, 100_000)),
  },
);
/** Of developers: mostly as it should be. */
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('post', 'default', 'bell.caf') },
  { weight: 1, arbitrary: word },
);
const key = fc.oneof(
  { weight: 24, arbitrary: fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/) },
  { weight: 1, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'link',
      'title',
      'type',
      'from',
      'gcm.x',
      'Google',
      'aps',
      'collapse_key',
      '__x__',
      '__proto__',
    ),
  },
);
const anyText = fc.oneof(
  { weight: 3, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        key: fc.oneof(fc.constant('says'), name),
        args: fc.dictionary(
          key,
          fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true })),
          { maxKeys: 3 },
        ),
      },
      { requiredKeys: ['key'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { locKey: name, locArgs: fc.array(text, { maxLength: 3 }), fallback: text },
      { requiredKeys: ['locKey'] },
    ),
  },
);
const image = fc.oneof(
  fc.webUrl(),
  word,
  fc.constantFrom('https://10.0.0.1/', 'https://example.com/p.jpg'),
);

/** Any notification to `ola`: mostly well typed, of whatever sense. */
export const anyNotification: fc.Arbitrary<Notification> = fc.record(
  {
    to: fc.constant('ola'),
    actor: fc.constantFrom('lia', '..', '__x__'),
    target: fc.constantFrom('walls/w1', 'x'.repeat(500)),
    actorName: text,
    title: anyText,
    subtitle: anyText,
    body: anyText,
    image,
    data: fc.dictionary(key, text, { maxKeys: 4 }),
    requiredData: fc.array(key, { maxLength: 1 }),
    link: fc.oneof(fc.webUrl(), text, fc.constantFrom('/posts/p1', '//evil.example', '..\\x')),
    collapseKey: text,
    channelId: name,
    category: name,
    threadId: text,
    sound: fc.oneof(name, fc.constant(null)),
    criticalVolume: fc.double({ min: 0, max: 1, noNaN: true }),
    interruptionLevel: fc.constantFrom('passive', 'active', 'time-sensitive', 'critical'),
    relevanceScore: fc.double({ min: 0, max: 1, noNaN: true }),
    targetContentId: name,
    launchImage: name,
    badge: fc.oneof(
      { weight: 12, arbitrary: fc.nat() },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 31, -1) },
    ),
    timeToLive: fc.integer({ min: 0, max: 2_419_200 }),
    priority: fc.constantFrom('high', 'normal'),
    style: fc.constantFrom('alert', 'data'),
    analyticsLabel: fc.constant('like'),
    apns: fc.record(
      {
        pushType: fc.constantFrom('voip', 'liveactivity', 'widgets'),
        aps: fc.dictionary(
          fc.oneof(key, fc.constantFrom('alert', 'badge', 'sound')),
          fc.jsonValue({ maxDepth: 3 }),
          { maxKeys: 3 },
        ),
        custom: fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
      },
      { requiredKeys: [] },
    ),
    expo: fc.record(
      { experienceId: fc.constant('@lia/birds'), icon: name },
      { requiredKeys: ['experienceId'] },
    ),
  },
  { requiredKeys: ['to'] },
);

/** What is kept of a notification; undefined if it is refused, as an error of its own. */
export function keptOf(notification: Notification): Draft | undefined {
  try {
    const context = { type: 'like', deliveryId: 'like-e1', eventTime: Date.now() };
    return complete(notification, context).content;
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

/** What is kept of so many of them, always the same. */
export function sampleDrafts(numRuns: number): Draft[] {
  return fc
    .sample(anyNotification, { seed: 20_261_127, numRuns })
    .map(keptOf)
    .filter((draft) => draft !== undefined);
}

/** Why Firestore would refuse to keep a value for ever (INVALID_ARGUMENT); undefined if it would not. */
export function firestoreProblem(value: unknown): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes > MAX_CONTENT_BYTES ? `${bytes} bytes` : problemIn(value, '');
}

function problemIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() ? undefined : `half a character: ${path}`;
  if (value === undefined) return `undefined: ${path}`;
  if (Array.isArray(value)) {
    if (value.some(Array.isArray)) return `a list in a list: ${path}`;
    return firstOf(value.map((each) => () => problemIn(each, `${path}[]`)));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return firstOf(
    Object.entries(value).map(([name, each]) => () => {
      const isName =
        name !== '' &&
        name.isWellFormed() &&
        !/^__.*__$/s.test(name) &&
        Buffer.byteLength(name) <= MAX_NAME_BYTES;
      return isName ? problemIn(each, `${path}.${name}`) : `a name of a field: ${path}.${name}`;
    }),
  );
}

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}
