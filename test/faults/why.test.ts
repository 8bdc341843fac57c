/**
 * `npx @firestore-push/push why` as an operator calls it, after the real engine, trigger and simulator have done what it is asked about:
 * each cause is found from the document, and from the person.
 */
import { beginWithAna, COMPOSE_RETRY_MS, LIKE, like, PHONE } from './catalogue.ts';
import { Operator } from './operator.ts';
import { World } from './world.ts';

let world: World;
let operator: Operator;
beforeAll(async () => {
  world = await World.create();
  operator = new Operator(world.project);
});
beforeEach(async () => {
  await beginWithAna(world, Date.now() - 60_000);
  await world.addDevice('ana', PHONE, world.now, { platform: 'android', topics: [] });
});
afterAll(async () => {
  Operator.leave();
  await world.close();
});

/** Asked from the document, and from the person: the same story. */
async function fromBoth(user: string, document = LIKE) {
  const [ofDocument, ofPerson] = [
    await operator.why('--document', document, '--user', user),
    await operator.why('--user', user),
  ];
  expect(ofPerson.stories).toEqual(ofDocument.stories);
  expect([ofDocument.code, ofPerson.code]).toEqual([0, 0]);
  return ofDocument;
}

const texts = (lines: readonly { readonly text: string }[] = []) => lines.map(({ text }) => text);

describe('why ana was not told of a like', () => {
  it('the post has no owner: from the document; and from her among the events that name nobody', async () => {
    await world.db.doc('walls/p1').set({ text: 'no owner' });
    await like(world, LIKE, 'e1');
    const { code, stories } = await operator.why('--document', LIKE);
    expect([code, stories[0]?.state]).toEqual([0, 'failed']);
    expect(stories[0]?.answer).toMatch(/^Nobody was told\. .*walls\/p1.*ownerId/);
    expect(stories[0]?.remedy).toEqual(expect.any(String));
    expect(await operator.why('--user', 'ana')).toMatchObject({
      code: 1,
      stories: [],
      unnamed: [{ document: LIKE, why: expect.stringContaining('ownerId') as string }],
    });
  });

  it('the post was deleted: from the document; from her; and from whoever liked it, whom compose named', async () => {
    await world.db.doc('walls/p1').delete();
    await like(world, LIKE, 'e1');
    const { stories } = await operator.why('--document', LIKE);
    expect(stories[0]).toMatchObject({
      state: 'nobody',
      answer: 'Nobody was told: the post was deleted.',
    });
    expect((await operator.why('--user', 'leo')).stories[0]?.answer).toBe(
      'leo was not told, nor was anybody: the post was deleted.',
    );
    expect((await operator.why('--user', 'ana')).unnamed).toMatchObject([
      { document: LIKE, why: 'the post was deleted' },
    ]);
  });

  it('she has no user document', async () => {
    await world.db.doc('users/ana').delete();
    await like(world, LIKE, 'e1');
    const { stories, facts } = await fromBoth('ana');
    expect(stories[0]?.state).toBe('failed');
    expect(stories[0]?.answer).toMatch(/^ana was not told\. There is no user document/);
    expect(texts(facts)).toContain('users/ana does not exist.');
  });

  it('her token is dead', async () => {
    world.simulator.putDevice(PHONE, { state: 'unregistered' });
    await like(world, LIKE, 'e1');
    const { stories, facts } = await fromBoth('ana');
    expect(stories[0]?.state).toBe('failed');
    expect(stories[0]?.answer).toMatch(/^ana was not told\. .*Its address was removed\.$/);
    const device = stories[0]?.lines.find(({ what }) => what === 'device');
    expect(device).toMatchObject({ code: 'UNREGISTERED', person: 'ana', device: { kind: 'fcm' } });
    expect(texts(facts)).toContain('No device is registered for this person.');
  });

  it('she has no device', async () => {
    await world.addUser('ana', []);
    await like(world, LIKE, 'e1');
    const { stories } = await fromBoth('ana');
    expect(stories[0]?.answer).toMatch(/^ana was not told\. No device is registered/);
  });

  it('she switched waves off', async () => {
    await world.addUser('ana', [PHONE], { notificationSettings: { wave: false } });
    await like(world, LIKE, 'e1');
    const { stories, facts } = await fromBoth('ana');
    expect(stories[0]?.state).toBe('nobody');
    expect(texts(facts)).toContain('ana has switched off: wave.');
  });

  it('the key of the project was refused for her device, while another of hers took it', async () => {
    const pad = 'ana-pad:APA91b-address';
    await world.addUser('ana', [PHONE, pad]);
    world.simulator.addFault({
      match: { address: pad },
      then: { status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' },
    });
    await like(world, LIKE, 'e1');
    await world.settle();
    const { stories } = await fromBoth('ana');
    expect(stories[0]).toMatchObject({ state: 'partly', remedy: expect.any(String) as string });
    expect(stories[0]?.lines.map(({ code }) => code)).toContain('THIRD_PARTY_AUTH_ERROR');
  });

  it('nobody knows: she was told', async () => {
    await like(world, LIKE, 'e1');
    const { stories } = await fromBoth('ana');
    expect(stories[0]).toMatchObject({ state: 'told', delivery: 'wave-e1', document: LIKE });
    expect(stories[0]?.lines.map(({ what }) => what)).toEqual([
      ...['event', 'compose', 'audience', 'person', 'device', 'end'],
    ]);
    expect(stories[0]?.lines.find(({ what }) => what === 'device')?.text).toMatch(
      /^Android device [0-9a-f]{16} \(FCM token\) of ana: /,
    );
  });
});

describe('events of one kind', () => {
  it('are found by it and the time, also those that told nobody, and together with a person', async () => {
    await like(world, LIKE, 'e1');
    await world.tell({ to: 'ana' }, 'order-e2');
    await world.db.doc('walls/p1').delete();
    await like(world, 'walls/p1/waves/bo', 'e3');
    const ids = async (...args: string[]) =>
      (await operator.why(...args)).stories.map(({ delivery }) => delivery).sort();
    expect(await ids('--kind', 'wave')).toEqual(['wave-e1', 'wave-e3']);
    expect(await ids('--kind', 'wave', '--until', '1h')).toEqual([]);
    expect(await ids('--user', 'ana')).toEqual(['order-e2', 'wave-e1']);
    expect(await ids('--user', 'ana', '--kind', 'order')).toEqual(['order-e2']);
  });
});

describe('what is under way', () => {
  it('a retry: says when, and exits with 3, until it is final', async () => {
    world.simulator.addFault({ times: 1, then: { status: 503, errorCode: 'UNAVAILABLE' } });
    await like(world, LIKE, 'e1');
    const { code, final, stories } = await operator.why('--user', 'ana');
    expect({ code, final, state: stories[0]?.state }).toEqual({
      ...{ code: 3, final: false, state: 'under-way' },
    });
    expect(texts(stories[0]?.lines).at(-1)).toMatch(/ of ana is tried again at .* after 1 try\./);
    await world.settle();
    const after = await fromBoth('ana');
    expect(after.stories[0]?.state).toBe('told');
    expect(after.stories[0]?.lines.map(({ what }) => what)).toContain('round');
  });

  it('compose that fails: says until when the event comes again, and what it says then', async () => {
    const compose = () => Promise.reject(new Error('the name service is down'));
    await expect(like(world, LIKE, 'e1', { compose })).rejects.toThrow('name service');
    await expect(like(world, LIKE, 'e1', { compose })).rejects.toThrow('name service');
    const { code, stories } = await operator.why('--document', LIKE);
    expect(code).toBe(3);
    expect(stories[0]?.answer).toMatch(
      /^Nobody has been told yet: compose failed 2 times: the name service is down\. The event comes again until /,
    );
    expect((await operator.why('--user', 'ana')).unnamed).toMatchObject([{ document: LIKE }]);
    // The platform hands the same event over once more; it went well.
    await like(world, LIKE, 'e1');
    const after = await fromBoth('ana');
    expect(after.stories[0]?.state).toBe('told');
    expect(texts(after.stories[0]?.lines).join('\n')).toContain('compose failed 2 times');
    expect((await operator.why('--user', 'bo')).unnamed).toEqual([]);
  });

  it('compose that failed for good is final', async () => {
    world.now -= COMPOSE_RETRY_MS;
    const compose = () => Promise.reject(new Error('the name service is down'));
    const time = world.now;
    await expect(like(world, LIKE, 'e1', { compose })).rejects.toThrow('name service');
    world.now = time + COMPOSE_RETRY_MS + 1;
    await like(world, LIKE, 'e1', { compose, time });
    const { code, stories } = await operator.why('--document', LIKE);
    expect([code, stories[0]?.state]).toEqual([0, 'failed']);
    expect(stories[0]?.lines.map(({ code: each }) => each)).toContain('COMPOSE_FAILED');
  });
});

describe('where nothing is found', () => {
  it('exits with 1, says how the person stands, and what it can mean', async () => {
    const said = await operator.call('why', '--user', 'ana');
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/^No event was found: user ana, since /);
    expect(said.out).toContain('users/ana exists, with 1 address.');
    expect(said.out).toMatch(/Android device [0-9a-f]{16} \(FCM token\), last registered /);
    expect(said.out).toContain('--since 3d');
  });

  it('says of a document whether it is there', async () => {
    const there = await operator.why('--document', 'walls/p1');
    expect(texts(there.facts)[0]).toMatch(/^walls\/p1 exists, since 20/);
    expect(there.hints.join('\n')).toContain('doctor');
    const gone = await operator.why('--document', 'walls/p2');
    expect(texts(gone.facts)).toEqual(['walls/p2 does not exist (any more).']);
    expect(gone.hints[0]).toMatch(/no such document in project demo-world-\d+ on the emulator/);
  });

  it('says that events without a reason are recorded by a setting only', async () => {
    await world.db.doc('walls/p1').set({ ownerId: 'leo' });
    await like(world, LIKE, 'e1');
    expect((await operator.why('--document', LIKE)).hints.join('\n')).toContain('RECORD_NOBODY');
    await like(world, LIKE, 'e2', { recordNobody: 'all' });
    const { stories } = await operator.why('--document', LIKE);
    expect(stories[0]).toMatchObject({
      answer: 'Nobody was told: compose returned null.',
      remedy: expect.stringContaining("nobody('why')") as string,
    });
  });
});

it('takes the names of collections from the settings', async () => {
  const other = new Operator(world.project, { DELIVERIES_COLLECTION: 'sent' });
  await like(world, LIKE, 'e1');
  expect((await other.why('--document', LIKE)).found).toBe(false);
});

it('never shows an address', async () => {
  world.simulator.putDevice(PHONE, { state: 'unregistered' });
  await like(world, LIKE, 'e1');
  for (const args of [['--json'], ['--full']]) {
    expect((await operator.call('why', '--user', 'ana', ...args)).out).not.toContain('APA91b');
  }
});

it('says in one line that there is no emulator', async () => {
  const folder = new Operator(world.project);
  const { code, err } = await folder.callAt('127.0.0.1:1', 'why', '--user', 'ana');
  expect(code).toBe(2);
  expect(err).toMatch(/^Expected the Firestore emulator at 127\.0\.0\.1:1, got no answer.*\n$/);
});
