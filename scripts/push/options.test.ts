import fc from 'fast-check';
import { isDocumentId } from '../../kit/src/model/document-id.ts';
import { readCommand } from './options.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const EMULATED = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' };

function sent(...args: string[]) {
  return readCommand(['send', '--title', 'Sale', ...args], EMULATED, NOW);
}

describe('to', () => {
  it.each<[string[], unknown]>([
    [['--to', 'ola'], 'ola'],
    [
      ['--to', 'ola,lia', '--to', 'bo'],
      ['ola', 'lia', 'bo'],
    ],
    [['--address', 'a:1', '--address', 'b:2'], { addresses: ['a:1', 'b:2'] }],
    [['--where', 'locale == de'], { users: { field: 'locale', op: '==', value: 'de' } }],
    [['--where', 'plan in ["pro",1]'], { users: { field: 'plan', op: 'in', value: ['pro', 1] } }],
    [['--members', 'shops/s/customers'], { members: 'shops/s/customers' }],
    [['--everyone'], { everyone: true }],
  ])('%j', (args, to) => {
    expect(sent(...args)).toMatchObject({ name: 'send', fields: { to, title: 'Sale' } });
  });

  it('a topic or a condition has a command of its own', () => {
    expect(readCommand(['topic', 'news', '--body', 'Hi'], EMULATED, NOW)).toMatchObject({
      fields: { to: { topic: 'news' }, body: 'Hi' },
    });
    expect(readCommand(['topic', '--condition', "'a' in topics"], EMULATED, NOW)).toMatchObject({
      fields: { to: { condition: "'a' in topics" } },
    });
  });
});

describe('what it says', () => {
  it('is the fields of a push', () => {
    const args = ['--body', 'B', '--image', 'https://x/i.png', '--link', '/s', '--type', 'offer'];
    const more = ['--data', 'a=1=2', '--data', 'b=', '--field', 'badge=3', '--field', 'threadId=t'];
    expect(sent('--to', 'ola', ...args, ...more, '--dry-run', '--id', 'x')).toMatchObject({
      id: 'x',
      wait: false,
      fields: {
        title: 'Sale',
        body: 'B',
        image: 'https://x/i.png',
        link: '/s',
        type: 'offer',
        data: { a: '1=2', b: '' },
        badge: 3,
        threadId: 't',
        validateOnly: true,
      },
    });
  });

  it('may be for later', () => {
    const sendAt = new Date('2031-05-06T05:00:00Z');
    expect(sent('--to', 'ola', '--at', '2031-05-06T07:00+02:00')).toMatchObject({
      fields: { sendAt },
    });
  });
});

describe('the other commands', () => {
  it('name a push, or list the newest', () => {
    expect(readCommand(['cancel', 'p1'], EMULATED, NOW)).toMatchObject({
      name: 'cancel',
      id: 'p1',
    });
    expect(readCommand(['status', 'p1', '--json'], EMULATED, NOW)).toMatchObject({
      name: 'status',
      json: true,
    });
    expect(
      readCommand(['status', '--limit', '5', '--state', 'failed'], EMULATED, NOW),
    ).toMatchObject({
      name: 'list',
      limit: 5,
      state: 'failed',
    });
  });
});

describe('the project', () => {
  it('is the emulator’s by default, and a real one has to be named', () => {
    expect(sent('--to', 'ola')).toMatchObject({
      project: 'demo-firestore-push',
      emulator: '127.0.0.1:8080',
    });
    const live = { GCLOUD_PROJECT: 'live' };
    expect(() => readCommand(['status'], live, NOW)).toThrow('Expected --project');
    expect(readCommand(['status', '--project', 'live'], live, NOW)).toMatchObject({
      project: 'live',
    });
  });
});

it.each<[string[], string]>([
  [['shout'], 'Expected send, topic, cancel or status, got "shout"'],
  [['send'], 'got none'],
  [['send', '--to', 'a', '--everyone'], 'got --to and --everyone'],
  [['send', '--to', 'a', 'extra'], 'Expected no further argument, got "extra"'],
  [['send', '--loud'], '--loud'],
  [['send', '--to', 'a', '--at', 'tomorrow'], 'got "tomorrow"'],
  [['topic', 'a', '--at', '2030-02-30T00:00Z'], 'no such day'],
  [['send', '--to', 'a', '--data', 'x'], 'Expected --data KEY=VALUE'],
  [['send', '--where', 'age > 3'], 'got "age > 3"'],
  [['send', '--to', 'a', '--timeout', '0'], 'whole number'],
  [['topic'], 'Expected the name of a topic'],
  [['cancel'], 'Expected the id of a push'],
  ...['', 'a/b', '2026/06/sale', '.', '..', '__x__', 'x'.repeat(1_501)].flatMap(
    (id): [string[], string][] => [
      [['send', '--to', 'a', '--id', id], 'Expected a push'],
      [['cancel', id], 'Expected a push'],
      [['status', id], 'Expected a push'],
    ],
  ),
  [['status', 'a', 'b'], 'Expected no further argument'],
])('%j is refused with what was expected', (args, words) => {
  expect(() => readCommand(args, EMULATED, NOW)).toThrow(words);
});

it.each([
  [[]],
  [['--help']],
  [['send', '--help']],
  [['topic', '-h']],
  [['cancel', '--help']],
  [['status', '--help']],
])('%j asks for help, without a project', (args: string[]) => {
  expect(readCommand(args, {}, NOW)).toMatchObject({
    help: expect.stringContaining('Usage') as string,
  });
});

it('takes for a push’s id what the functions take for a document’s', () => {
  const odd = fc.constantFrom('/', '.', '_', '\n', '\ud800', 'é', '😀', 'a');
  const ids = fc.oneof(
    fc.string({ unit: odd, minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1_495, max: 1_505 }).map((length) => 'x'.repeat(length)),
    fc.integer({ min: 745, max: 755 }).map((length) => 'é'.repeat(length)),
  );
  const isTaken = (id: string): boolean => {
    try {
      readCommand(['status', id], EMULATED, NOW);
      return true;
    } catch (error) {
      expect((error as Error).message).toContain("Expected a push's id");
      return false;
    }
  };
  fc.assert(
    fc.property(ids, (id) => {
      expect(isTaken(id)).toBe(isDocumentId(id));
    }),
  );
});
