/** `why` finds each person in what the real engine spread over shards: by the hash of a long list, and by the pages of a collection. */
import { Operator } from './operator.ts';
import { World } from './world.ts';

const PEOPLE = 23;
const DOCUMENT = 'orders/o1';

let world: World;
let operator: Operator;
let uids: string[];
beforeAll(async () => {
  world = await World.create({ shardSize: 5 });
  operator = new Operator(world.project);
  world.now = Date.now() - 60_000;
  uids = [...(await world.addUsers(PEOPLE)).keys()];
});
afterAll(async () => {
  Operator.leave();
  await world.close();
});

describe.each([
  ['a list', () => ({ to: uids }), /spread over 5 shards/],
  ['everybody', () => ({ to: { everyone: true } as const }), /everybody in users, in 5 shards/],
])('a push to %s', (what, notification, audience) => {
  const id = `order-${what.replace(' ', '-')}`;
  const muted = 'u000007';

  beforeAll(async () => {
    world.now += 1_000;
    await world.addUser(muted, ['x:APA91b-muted'], { notificationSettings: { order: false } });
    await world.tell(notification(), id);
  });

  it('is told of each of them from the person', async () => {
    for (const uid of uids) {
      const { code, stories } = await operator.why('--user', uid);
      const story = stories.find(({ delivery }) => delivery === id);
      expect({ uid, code, state: story?.state }).toEqual({
        ...{ uid, code: 0, state: uid === muted ? 'nobody' : 'told' },
      });
    }
  });

  it('is told of one of them, and of all, from the document', async () => {
    const { stories } = await operator.why('--document', DOCUMENT, '--user', muted);
    const story = stories.find(({ delivery }) => delivery === id);
    expect(story?.answer).toMatch(/^u000007 was not to be told\. Left out on purpose/);
    expect(story?.lines.map(({ text }) => text).join('\n')).toMatch(audience);
    const all = (await operator.why('--delivery', id)).stories[0];
    expect(all).toMatchObject({ state: 'told', answer: '22 devices of 23 people took it.' });
  });

  it('is not told of to whoever is not among them', async () => {
    const { stories } = await operator.why('--user', 'u000007x');
    expect(stories).toEqual([]);
  });
});
