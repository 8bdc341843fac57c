/** `why` finds a person in a large delivery without reading all of it; entries are written as the engine leaves them. */
import { Timestamp } from '@google-cloud/firestore';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import { findByOf, type FindGroup } from '../../kit/src/delivery/find-by.ts';
import { shardOf } from '../../kit/src/delivery/shards.ts';
import { NO_COUNTS } from '../../kit/src/model/counts.ts';
import { deliveryEntry } from '../../kit/src/testing/ledger.ts';
import { Operator } from './operator.ts';
import { World } from './world.ts';

const NOW = Date.now();
const ago = (ms: number) => Timestamp.fromMillis(NOW - ms);
const MINUTE = 60_000;
const SHARDS = 8;

let world: World;
let operator: Operator;
beforeAll(async () => {
  world = await World.create();
  operator = new Operator(world.project);
});
beforeEach(() => world.emptyDatabase());
afterAll(async () => {
  Operator.leave();
  await world.close();
});

const times = { eventAt: ago(9 * MINUTE), createdAt: ago(8 * MINUTE), updatedAt: ago(7 * MINUTE) };

async function write(id: string, entry: Partial<DeliveryDocument>): Promise<void> {
  await world.db.doc(`deliveries/${id}`).set(deliveryEntry({ ...times, ...entry }));
}

/** A post that everybody is told of. */
async function root(
  coverage: DeliveryDocument['coverage'],
  more: Partial<DeliveryDocument> = {},
  groups: readonly FindGroup[] = ['all', 'spread'],
): Promise<void> {
  const document = 'walls/p1';
  await write('post-e1', {
    ...{ type: 'post', document, reasons: {}, actor: 'leo' },
    counts: { ...NO_COUNTS, recipients: 4_000, addresses: 4_000, delivered: 4_000 },
    ...(coverage === undefined ? {} : { coverage }),
    findBy: findByOf({ id: 'post-e1', type: 'post', document, people: ['p1', 'leo'], groups }),
    ...more,
  });
}

async function shard(number: number, more: Partial<DeliveryDocument>): Promise<void> {
  const { document: _root, ...entry } = deliveryEntry({ ...times, type: 'post', ...more });
  await world.db.doc(`deliveries/post-e1~${number}`).set({
    ...entry,
    parent: 'post-e1',
    findBy: [],
  });
}

describe('a long list, spread by hash', () => {
  const coverage = { kind: 'hashed-shards', shards: SHARDS } as const;
  const number = shardOf('ana', SHARDS);

  it('is looked into where the person has to be, from the person and from the document', async () => {
    await root(coverage);
    await shard(number, { reasons: { ana: 'no-address', bo: 'delivered' } });
    for (const args of [
      ['--user', 'ana'],
      ['--document', 'walls/p1', '--user', 'ana'],
    ]) {
      const { code, stories } = await operator.why(...args);
      expect({ code, stories }).toMatchObject({
        code: 0,
        stories: [{ delivery: 'post-e1', state: 'failed', document: 'walls/p1' }],
      });
      expect(stories[0]?.answer).toMatch(/^ana was not told\. No device is registered/);
      expect(stories[0]?.lines.map(({ text }) => text)).toContain(
        `ana belongs to shard ${number + 1} of ${SHARDS}.`,
      );
    }
  });

  it('says nothing of it to whoever is not in that shard, unless the document is asked for, too', async () => {
    await root(coverage);
    await shard(number, { reasons: { bo: 'delivered' } });
    expect(await operator.why('--user', 'ana')).toMatchObject({ code: 1, stories: [] });
    const { code, stories } = await operator.why('--user', 'ana', '--document', 'walls/p1');
    expect(code).toBe(0);
    expect(stories[0]?.answer).toMatch(/^ana was not among the recipients\./);
  });

  it('is under way while the shard is', async () => {
    const open = { state: 'sending', leaseUntil: Timestamp.fromMillis(NOW + MINUTE) } as const;
    await root(coverage, open);
    await shard(number, { ...open, reasons: {}, coverage: { kind: 'listed', uids: ['ana'] } });
    const { code, stories } = await operator.why('--user', 'ana');
    expect([code, stories[0]?.answer]).toEqual([
      3,
      'ana has not been told yet: their turn has not come.',
    ]);
    expect(stories[0]?.lines.map(({ text }) => text)).toContain(
      'It is for a long list of people, spread over 8 shards; 1 begun, 0 done.',
    );
  });
});

describe('a collection, page by page', () => {
  const coverage = { kind: 'paged-shards', collection: 'users', shards: 3 } as const;
  const page = (after: string, until: string, reasons: Record<string, string>) => ({
    ...{ after, reasons },
    coverage: { kind: 'range', collection: 'users', after, until } as const,
  });

  beforeEach(async () => {
    await root(coverage);
    await shard(0, page('', 'bo', { ana: 'delivered', bo: 'muted' }));
    await shard(1, page('bo', 'kim', { cleo: 'pruned', kim: 'delivered' }));
    // Beyond the basic plane, where the order by UTF-16 would be another.
    await shard(
      2,
      page('kim', '😀', { lia: 'delivered', '\uff5eole': 'no-address', '😀': 'muted' }),
    );
  });

  it.each([
    ['ana', 1, 'told', /^ana was told/],
    ['bo', 1, 'nobody', /^bo was not to be told\. Left out on purpose/],
    ['cleo', 2, 'failed', /^cleo was not told\. Every device was gone/],
    ['kim', 2, 'told', /^kim was told/],
    ['\uff5eole', 3, 'failed', /was not told\. No device/],
    ['😀', 3, 'nobody', /was not to be told/],
  ])('is looked into where %s has to be', async (uid, number, state, answer) => {
    const { code, stories } = await operator.why('--user', uid);
    expect([code, stories.length]).toEqual([0, 1]);
    expect(stories[0]).toMatchObject({ state, answer: expect.stringMatching(answer) as string });
    expect(stories[0]?.lines.map(({ text }) => text)).toContain(
      `${uid} belongs to shard ${number} of 3.`,
    );
  });

  it('does not have whoever the collection did not have', async () => {
    expect(await operator.why('--user', 'dora')).toMatchObject({ code: 1, stories: [] });
  });

  it('says of whoever comes after the pages that are begun that theirs is not', async () => {
    const begun = { kind: 'paged-shards', collection: 'users' } as const;
    await root(begun, { state: 'sending', leaseUntil: ago(-MINUTE) });
    const { code, stories } = await operator.why('--document', 'walls/p1', '--user', '😁');
    expect([code, stories[0]?.state]).toEqual([3, 'under-way']);
    expect(stories[0]?.answer).toMatch(/has not been told yet/);
    expect(await operator.why('--document', 'walls/p1', '--user', 'dora')).toMatchObject({
      stories: [{ state: 'nobody' }],
    });
  });

  it('that was cancelled counts what its shards sent all the same', async () => {
    await root(coverage, {
      ...{ state: 'failed', errorCode: 'CANCELLED', error: 'it was cancelled by an operator' },
      counts: { ...NO_COUNTS, recipients: 1, addresses: 1, delivered: 1 },
    });
    // Each of the three shards of this collection has told one person.
    const { stories } = await operator.why('--document', 'walls/p1');
    expect(stories[0]?.answer).toMatch(/^3 devices of 3 people took it, then it ended\./);
  });

  it.each(['post-e1~7', 'post-e1~3'])('has no shard %s', async (id) => {
    const { stories } = await operator.why('--delivery', id);
    expect(stories[0]?.lines.map(({ text }) => text).join(' ')).not.toMatch(/This is shard/);
  });

  it('tells of a shard by its own id', async () => {
    const { stories } = await operator.why('--delivery', 'post-e1~1');
    expect(stories[0]?.lines.map(({ text }) => text)).toContain('This is shard 2 of 3.');
    expect(stories[0]?.lines.map(({ person }) => person)).toContain('cleo');
  });
});

describe('a topic', () => {
  beforeEach(async () => {
    await world.addUser('ana', ['a:APA91b']);
    await root({ kind: 'topic', topic: 'news' });
  });

  it('is found from whoever is subscribed, and says that FCM knows the rest', async () => {
    await world.addDevice('ana', 'a:APA91b', NOW, { topics: ['news'] });
    const { stories } = await operator.why('--user', 'ana');
    expect(stories[0]?.answer).toMatch(/whoever is subscribed to the topic news.* ana is now/);
  });

  it('is not found from others, but says of them that they are not', async () => {
    await world.addDevice('ana', 'a:APA91b', NOW, { topics: ['sport'] });
    expect(await operator.why('--user', 'ana')).toMatchObject({ code: 1, stories: [] });
    const { stories } = await operator.why('--user', 'ana', '--document', 'walls/p1');
    expect(stories[0]).toMatchObject({ state: 'nobody' });
    expect(stories[0]?.answer).toMatch(/no device of ana is now/);
  });
});

describe('a search for a person', () => {
  async function like(nth: number, minutesAgo: number): Promise<void> {
    const document = `walls/p1/waves/u${nth}`;
    await write(`wave-${nth}`, {
      document,
      createdAt: ago(minutesAgo * MINUTE),
      eventAt: ago(minutesAgo * MINUTE),
      findBy: findByOf({
        id: `wave-${nth}`,
        type: 'wave',
        document,
        people: ['ana'],
        groups: ['all'],
      }),
    });
  }

  it('has the newest events first, as many as are asked for, going back in time', async () => {
    // Beyond the first window of an hour, and in the middle of the next.
    for (const [nth, minutes] of [5, 50, 70, 200, 1_000, 1_500].entries()) await like(nth, minutes);
    const ids = async (...args: string[]) =>
      (await operator.why('--user', 'ana', ...args)).stories.map(({ delivery }) => delivery);
    expect(await ids()).toEqual(['wave-0', 'wave-1', 'wave-2', 'wave-3', 'wave-4']);
    expect(await ids('--limit', '3')).toEqual(['wave-0', 'wave-1', 'wave-2']);
    expect(await ids('--since', '2d')).toHaveLength(6);
    expect(await ids('--since', '2h')).toHaveLength(3);
    expect(await ids('--since', '5h', '--until', '1h')).toEqual(['wave-2', 'wave-3']);
  });
});
