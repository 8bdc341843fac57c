import { factsOf, hintsFor, type Place } from './facts';
import { tellPush } from './push-story';
import type { DocumentFacts, PersonFacts } from './record';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const PLACE: Place = {
  words: 'project acme on Google Cloud',
  database: '(default)',
  users: 'people',
  ledgerDays: 30,
  recordNobody: 'explained',
};
const ANA: PersonFacts = {
  uid: 'ana',
  hasDocument: true,
  addresses: 1,
  notAddresses: 0,
  muted: [],
  devices: [
    {
      fingerprint: '0123456789abcdef',
      kind: 'apns',
      platform: 'ios',
      topics: [],
      refreshedAt: NOW,
    },
  ],
};
const facts = (person: Partial<PersonFacts>) => factsOf({ person: { ...ANA, ...person } }, PLACE);

it('says which devices a person has', () => {
  expect(facts({}).map(({ text }) => text)).toEqual([
    'people/ana exists, with 1 address.',
    'iOS device 0123456789abcdef (APNs token), last registered 2026-11-28T12:00:00.000Z.',
  ]);
});

it.each<[string, Partial<PersonFacts>, RegExp, string]>([
  [
    'no document',
    { hasDocument: false, addresses: 0 },
    /^people\/ana does not exist\.$/,
    'problem',
  ],
  ['no device', { addresses: 0, devices: [] }, /^No device is registered/, 'problem'],
  ['an entry that is no address', { notAddresses: 2 }, /^2 entries .* can be no address/, 'note'],
  ['muted kinds', { muted: ['follow', 'like'] }, /switched off: follow and like\.$/, 'note'],
])('says that a person has %s', (_what, person, words, severity) => {
  expect(facts(person)).toContainEqual(
    expect.objectContaining({ severity, text: expect.stringMatching(words) as string }),
  );
});

describe('where nothing was found', () => {
  const hints = (document: DocumentFacts | undefined, place: Partial<Place> = {}) =>
    hintsFor(
      document === undefined
        ? { user: 'ana', since: NOW - 3_600_000, limit: 20 }
        : { document: document.path, limit: 20 },
      document === undefined ? {} : { document },
      { ...PLACE, ...place },
      NOW,
    ).join('\n');

  it.each<[string, DocumentFacts, Partial<Place>, RegExp]>([
    [
      'a document that is not there',
      { path: 'posts/p1', exists: false },
      {},
      /no such document in project acme on Google Cloud, database \(default\)/,
    ],
    [
      'one that is older than the ledger',
      { path: 'posts/p1', exists: true, createdAt: NOW - 40 * 86_400_000 },
      {},
      /LEDGER_DAYS/,
    ],
    [
      'a path that no function listens to',
      { path: 'posts/p1', exists: true },
      {},
      /npx @firestore-push\/push doctor/,
    ],
    [
      'one from before the deploy',
      { path: 'posts/p1', exists: true },
      {},
      /before the functions were deployed/,
    ],
    [
      'a compose that returned null',
      { path: 'posts/p1', exists: true },
      {},
      /set RECORD_NOBODY to all/,
    ],
    [
      'events that are not recorded',
      { path: 'posts/p1', exists: true },
      { recordNobody: 'none' },
      /RECORD_NOBODY is none/,
    ],
  ])('names %s', (_what, document, place, words) => {
    expect(hints(document, place)).toMatch(words);
  });

  it('says nothing of what is recorded anyway', () => {
    expect(hints({ path: 'posts/p1', exists: true }, { recordNobody: 'all' })).not.toContain(
      'RECORD_NOBODY',
    );
    expect(hints({ path: 'posts/p1', exists: true, createdAt: NOW })).not.toContain('LEDGER_DAYS');
  });

  it('says from when on a person was looked for, and where else to look', () => {
    expect(hints(undefined)).toMatch(
      /No event since 2026-11-28T11:00:00\.000Z names ana\. .*--document/,
    );
  });
});

describe('a push that has no delivery', () => {
  const told = (push: NonNullable<DocumentFacts['push']>) =>
    tellPush({ path: 'pushes/x', exists: true, createdAt: NOW, push }, NOW);

  it('waits for its time', () => {
    expect(told({ state: 'scheduled', dueAt: NOW + 3_600_000 })).toMatchObject({
      delivery: 'push-x',
      state: 'under-way',
      lines: [{ what: 'event' }, { what: 'next', at: '2026-11-28T13:00:00.000Z' }],
    });
  });

  it('is not as it has to be', () => {
    expect(
      told({ state: 'failed', error: 'invalid', errors: ['title: expected text'] }),
    ).toMatchObject({
      state: 'failed',
      answer: expect.stringMatching(
        /^The push is "failed"\. invalid\. title: expected text\.$/,
      ) as string,
    });
  });

  it('is no push at all', () => {
    expect(tellPush({ path: 'posts/p1', exists: true }, NOW)).toBeUndefined();
  });

  it('says what is wrong on one line, and until when it waits', () => {
    const errors = ['to.condition: Expected in topics, got "in topic":\n\'a\' in topic\n    ^'];
    const error = 'Nothing was sent: to.condition is invalid. See errors.';
    const wrong = told({ state: 'failed', error, errors });
    expect(wrong?.answer).toBe(
      'The push is "failed". Nothing was sent: to.condition is invalid. to.condition: Expected in topics, got "in topic": \'a\' in topic.',
    );
    expect(wrong?.lines.at(-1)?.text).toContain('to.condition: Expected in topics');
    expect(told({ state: 'scheduled', dueAt: NOW })?.answer).toContain(
      'That is 2026-11-28T12:00:00.000Z.',
    );
  });
});
