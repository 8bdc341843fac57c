import { deliveryEntry, EVENT_AT } from '../../testing/ledger';
import { jsonReport, textReport, type Report } from './show';
import type { Story } from './story';
import { tell } from './tell';

const NOW = EVENT_AT + 60_000;
const story = (more: Partial<Story> = {}): Story => ({
  ...tell(
    { id: 'like-e1', entry: deliveryEntry({ reasons: { ana: 'no-address' } }) },
    { person: 'ana', devices: new Map(), now: NOW },
  ),
  ...more,
});

const report = (more: Partial<Report> = {}): Report => ({
  place: 'project acme on Google Cloud',
  project: 'acme',
  emulator: undefined,
  database: '(default)',
  question: { user: 'ana', since: EVENT_AT, limit: 20 },
  stories: [story()],
  unnamed: [],
  facts: [],
  hints: [],
  cut: [],
  ...more,
});
const plain = { isColoured: false, isFull: false };

it('begins with the answer and what to do, and then has the timeline', () => {
  const [answer, remedy, blank, name, ...lines] = textReport(report(), plain).split('\n');
  expect(answer).toBe('ana was not told. No device is registered for this person.');
  expect(remedy).toMatch(/^What to do: Have the app register/);
  expect([blank, name]).toEqual(['', 'like · posts/p1/likes/leo · like-e1']);
  expect(lines[0]).toBe(
    '  2026-11-28T12:00:00.000Z                      posts/p1/likes/leo was written.',
  );
  expect(lines[1]).toMatch(/^ {2}2026-11-28T12:00:00\.400Z {5}\+0\.4 s {11}A notification/);
});

it('says once what to do, of however many devices', () => {
  const entry = deliveryEntry({
    reasons: { ana: 'no-address', bo: 'no-address', kim: 'invalid-id' },
  });
  const all = tell({ id: 'like-e1', entry }, { devices: new Map(), now: NOW });
  const text = textReport(report({ stories: [all] }), plain);
  expect(text.match(/Have the app register/g)).toHaveLength(1);
  expect(text.match(/Check what "to"/g)).toHaveLength(1);
});

it('has colours for a person only', () => {
  expect(textReport(report(), plain)).not.toContain('\u001b');
  expect(textReport(report(), { ...plain, isColoured: true })).toContain('\u001b[1m');
});

it('lists several, and tells each in full only where that is asked for', () => {
  const several = report({ stories: [story(), story({ state: 'told', answer: 'ana was told.' })] });
  const list = textReport(several, plain);
  expect(list).toMatch(/^2 events, the newest first: user ana, since 2026-11-28T12:00:00\.000Z/);
  expect(list).toMatch(
    /12:00:00\.000Z {2}NOT TOLD {5}like · posts\/p1\/likes\/leo · like-e1\n {41}ana was not told/,
  );
  expect(list).toMatch(/ {2}told {9}like/);
  expect(list).not.toContain('was written');
  expect(textReport(several, { ...plain, isFull: true }).match(/was written/g)).toHaveLength(2);
});

it('says that there may be more where as many were found as are shown', () => {
  const asked = { user: 'ana', limit: 2 };
  expect(textReport(report({ question: asked, stories: [story(), story()] }), plain)).toContain(
    'There may be more: --limit',
  );
});

it('adds events that name nobody, how things stand now, hints, and what was not read', () => {
  const text = textReport(
    report({
      stories: [],
      unnamed: [
        {
          delivery: 'like-e2',
          type: 'like',
          document: 'posts/p2/likes/leo',
          at: EVENT_AT,
          why: 'the post has no owner',
          isFailure: false,
        },
        { delivery: 'like-e3', type: 'like', at: EVENT_AT, why: 'boom', isFailure: true },
      ],
      facts: [{ severity: 'problem', text: 'users/ana does not exist.', remedy: 'Check "to".' }],
      hints: ['Perhaps no function listens.'],
      cut: ['large deliveries'],
    }),
    plain,
  );
  expect(text).toMatch(
    /^No event was found: user ana, since .* \(project acme on Google Cloud\)\.\n\n/,
  );
  expect(text).toContain('2 events in that time told nobody and name no person');
  expect(text).toContain('like · posts/p2/likes/leo · like-e2: the post has no owner\n');
  expect(text).toContain('like · like-e3: failed: boom\n');
  expect(text).toContain('Now:\n  PROBLEM  users/ana does not exist.\n           Check "to".\n');
  expect(text).toContain('  - Perhaps no function listens.\n');
  expect(text).toContain('There are more large deliveries than are read here');
});

it('lets nothing that others wrote act upon the terminal', () => {
  const hostile = story({ answer: 'a\u001b[2J\u202eb', remedy: 'x\ny' });
  const text = textReport(report({ stories: [hostile] }), plain);
  expect(text).toContain('a\\u001b[2J\\u202eb');
  expect(text).toContain('What to do: x\\u000ay');
  expect(jsonReport(report({ stories: [hostile] }))).not.toContain('\u202e');
});

it('is JSON whose form is held', () => {
  const asked = report({
    unnamed: [{ delivery: 'like-e2', type: 'like', at: EVENT_AT, why: 'boom', isFailure: true }],
  });
  const { stories, ...rest } = JSON.parse(jsonReport(asked)) as { stories: Story[] };
  expect(rest).toEqual({
    schema: 1,
    project: 'acme',
    emulator: null,
    database: '(default)',
    asked: { user: 'ana', since: '2026-11-28T12:00:00.000Z', limit: 20 },
    found: true,
    final: true,
    unnamed: [
      {
        at: '2026-11-28T12:00:00.000Z',
        delivery: 'like-e2',
        type: 'like',
        why: 'boom',
        isFailure: true,
      },
    ],
    facts: [],
    hints: [],
    cut: [],
  });
  expect(stories).toEqual(JSON.parse(JSON.stringify([story()])));
});
