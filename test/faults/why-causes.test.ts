/**
 * Every cause that the runbook names under "What people ask" is made by the real engine and simulator, and is then answered by one
 * `why`, asked from the document and from the person.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsOf, sectionOf } from '../../scripts/monitoring/markdown.ts';
import { beginWithAna, COMPOSE_RETRY_MS, LIKE, like, PHONE } from './catalogue.ts';
import { Operator, type WhySaid } from './operator.ts';
import { World } from './world.ts';

const GUIDE = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');

/** What `world.tell` is about. */
const ORDER = 'orders/o1';

let world: World;
let operator: Operator;
beforeAll(async () => {
  world = await World.create({ shardSize: 30 });
  operator = new Operator(world.project);
});
beforeEach(() => beginWithAna(world, Date.now() - 3 * COMPOSE_RETRY_MS));
afterAll(async () => {
  Operator.leave();
  await world.close();
});

interface Cause {
  /** Makes it; the document is what it is about. */
  readonly make: () => Promise<unknown>;
  readonly document: string;
  /** What is answered from the document. */
  readonly answer: RegExp;
  /** From the person; default: the same. `unnamed`: among the events that name nobody. `none`: no such person can be asked for. */
  readonly fromPerson?: RegExp | 'unnamed' | 'none';
  readonly code?: number;
}

const order = (more: Partial<Parameters<World['tell']>[0]> = {}) =>
  world.tell({ to: 'ana', title: 'Ready', ...more }, 'order-e1');

/** From then on FCM answers so, of ana's phone. */
function answer(then: Parameters<World['simulator']['addFault']>[0]['then'], times?: number): void {
  const often = times === undefined ? {} : { times };
  world.simulator.addFault({ match: { address: PHONE }, ...often, then });
}

const ofOrder = (make: Cause['make'], text: RegExp, more: Partial<Cause> = {}): Cause => ({
  ...{ make, document: ORDER, answer: text },
  ...more,
});

/** By the words of the runbook. */
const CAUSES: Readonly<Record<string, Cause | 'elsewhere'>> = {
  'the post has no owner': {
    make: async () => {
      await world.db.doc('walls/p1').set({ text: 'nobody’s' });
      await like(world, LIKE, 'e1');
    },
    ...{ document: LIKE, answer: /ownerId/, fromPerson: 'unnamed' },
  },
  'the post was deleted': {
    make: async () => {
      await world.db.doc('walls/p1').delete();
      await like(world, LIKE, 'e1');
    },
    ...{ document: LIKE, answer: /the post was deleted/, fromPerson: 'unnamed' },
  },
  'there is nothing to be found': {
    make: () => Promise.resolve(),
    ...{ document: LIKE, answer: /^$/, code: 1 },
  },
  'the person has no user document': ofOrder(async () => {
    await world.db.doc('users/ana').delete();
    await order();
  }, /^ana was not told\. There is no user document/),
  'no device': ofOrder(async () => {
    await world.addUser('ana', []);
    await order();
  }, /^ana was not told\. .*no (?:device|address)/i),
  muted: ofOrder(async () => {
    await world.addUser('ana', [PHONE], { notificationSettings: { order: false } });
    await order();
  }, /^ana was not to be told\. .*switched/),
  'their own doing': ofOrder(() => order({ actor: 'ana' }), /^ana was not to be told\./),
  'an id that cannot be': ofOrder(() => order({ to: ['a/b', 'ana'] }), /2 people/, {
    fromPerson: 'none',
  }),
  'a dead token': ofOrder(() => {
    world.simulator.putDevice(PHONE, { state: 'unregistered' });
    return order();
  }, /^ana was not told\. FCM has no such token any more/),
  'held back by the breaker': ofOrder(
    async () => {
      const people = await world.addUsers(24);
      for (const address of people.values()) {
        world.simulator.putDevice(address, { state: 'unregistered' });
      }
      world.simulator.putDevice(PHONE, { state: 'unregistered' });
      await order({ to: ['ana', ...people.keys()] });
    },
    /25 people/,
    { fromPerson: /^ana was not told\. .*(?:too many|at once)/ },
  ),
  'registered again meanwhile': ofOrder(async () => {
    world.simulator.putDevice(PHONE, { state: 'unregistered' });
    const { fcm } = world.parts().providers;
    const send: typeof fcm.send = async (...asked) => {
      const outcomes = await fcm.send(...asked);
      await world.addDevice('ana', PHONE, Date.now() + COMPOSE_RETRY_MS);
      return outcomes;
    };
    const engine = world.boot({ providers: { fcm: { send } } });
    await engine.deliver(world.order({ to: 'ana' }, 'order-e1'));
  }, /^ana was not told\. .*registered it again/),
  'the device changed hands': ofOrder(async () => {
    answer({ status: 503, errorCode: 'UNAVAILABLE' }, 1);
    await world.boot().deliver(world.order({ to: 'ana' }, 'order-e1'));
    await world.addUser('ana', []);
    await world.settle();
  }, /^ana was not told\. /),
  'the push is too large': ofOrder(
    () => order({ data: { big: 'x'.repeat(5_000) }, requiredData: ['big'] }),
    /too large/,
  ),
  'a wrong APNs key': ofOrder(() => {
    answer({ status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' });
    return order();
  }, /^ana was not told\. .*(?:APNs|Apple)/),
  'the wrong Firebase project': ofOrder(() => {
    answer({ status: 403, errorCode: 'SENDER_ID_MISMATCH' });
    return order();
  }, /^ana was not told\. .*project/),
  // Of a subscription, not of a push: a line of the log.
  'a topic is refused': 'elsewhere',
  'the time was over': ofOrder(() => {
    answer({ status: 503, errorCode: 'UNAVAILABLE' });
    return order({ timeToLive: 60 });
  }, /^ana was not told\. The time to live/),
  'it is still being tried': ofOrder(
    () => {
      answer({ status: 503, errorCode: 'UNAVAILABLE' });
      return world.boot().deliver(world.order({ to: 'ana' }, 'order-e1'));
    },
    /^ana has not been told yet/,
    { code: 3 },
  ),
  'retries used up': ofOrder(() => {
    // Longer than FCM is given.
    answer({ status: 503, errorCode: 'UNAVAILABLE', retryAfterSeconds: 7_200 });
    return order();
  }, /^ana was not told\. .*tried again without success/),
  'nobody knows': ofOrder(async () => {
    world.power.cutAtNext('fcm.send', true);
    const event = world.order({ to: 'ana' }, 'order-e1');
    await world
      .boot()
      .deliver(event)
      .catch(() => undefined);
    world.power.on();
    // As five workers leave it that died over it.
    const resends = { next: { times: 5, until: 'ana' } };
    await world.db.doc('deliveries/order-e1').update({ resends });
    await world.settle();
  }, /^ana was not told\. It was sent, perhaps more than once/),
  '`compose` throws': {
    make: () =>
      like(world, LIKE, 'e1', {
        compose: () => Promise.reject(new Error('no network')),
        time: world.now - 2 * COMPOSE_RETRY_MS,
      }),
    ...{ document: LIKE, answer: /no network/, fromPerson: 'unnamed' },
  },
  'the queue is paused': ofOrder(
    async () => {
      const people = await world.addUsers(40);
      await world.boot().deliver(world.order({ to: ['ana', ...people.keys()] }, 'order-e1'));
    },
    /under way|not (?:been told|begun)|0 of/,
    { code: 3, fromPerson: /^ana has not been told yet/ },
  ),
  'it was stopped': ofOrder(async () => {
    answer({ status: 503, errorCode: 'UNAVAILABLE' });
    await world.boot().deliver(world.order({ to: 'ana' }, 'order-e1'));
    await operator.call('cancel', '--delivery', 'order-e1', '--apply');
  }, /^ana was not told\./),
  'delivered, and nothing on the screen': ofOrder(() => order(), /^ana was told/),
};

const rows = rowsOf(sectionOf(GUIDE, '## What people ask')).map(([cause = '']) => cause);

it('each cause of the runbook is tried here, and no other', () => {
  expect(Object.keys(CAUSES)).toEqual(rows);
});

const tried = Object.entries(CAUSES).flatMap(([name, cause]): [string, Cause][] =>
  cause === 'elsewhere' ? [] : [[name, cause]],
);

it.each(tried)('%s: from the document and from the person', async (_name, cause) => {
  const { make, document, answer: expected, fromPerson = expected, code = 0 } = cause;
  await make();
  const ofDocument = await operator.why('--document', document);
  expect([ofDocument.code, firstAnswer(ofDocument)]).toEqual([
    code,
    expect.stringMatching(expected) as string,
  ]);
  if (fromPerson === 'none') return;
  const ofPerson = await operator.why('--user', 'ana');
  if (fromPerson === 'unnamed') {
    expect(ofPerson.unnamed).toMatchObject([
      { document, why: expect.stringMatching(expected) as string },
    ]);
  } else {
    expect([ofPerson.code, firstAnswer(ofPerson)]).toEqual([
      code,
      expect.stringMatching(fromPerson) as string,
    ]);
  }
});

function firstAnswer({ stories }: WhySaid): string {
  return stories[0]?.answer ?? '';
}
