/** `npx @firestore-push/push why --document pushes/ID`: what became of a push, also before there is a delivery. */
import { Operator } from '../faults/operator.ts';
import { OutboxWorld } from './world.ts';

const PHONE = 'ana-phone:APA91b-address';

let outbox: OutboxWorld;
let operator: Operator;
beforeAll(async () => {
  outbox = await OutboxWorld.create();
  operator = new Operator(outbox.world.project);
});
beforeEach(async () => {
  await outbox.empty();
  outbox.world.now = Date.now() - 60_000;
  await outbox.world.addUser('ana', [PHONE]);
});
afterAll(async () => {
  Operator.leave();
  await outbox.close();
});

it('tells of a push that was sent, from its document and from the person', async () => {
  await outbox.write('x', { to: 'ana', title: 'Hello' });
  await outbox.deliverEvents();
  for (const args of [
    ['--document', 'pushes/x'],
    ['--user', 'ana'],
  ]) {
    const { code, stories } = await operator.why(...args);
    expect([code, stories]).toMatchObject([
      0,
      [{ delivery: 'push-x', document: 'pushes/x', state: 'told' }],
    ]);
  }
});

it('tells of one that waits for its time, which has no delivery yet', async () => {
  const sendAt = new Date(Date.now() + 3_600_000);
  await outbox.write('x', { to: 'ana', title: 'Hello', sendAt });
  await outbox.deliverEvents();
  const { code, stories } = await operator.why('--document', 'pushes/x');
  expect([code, stories[0]?.state]).toEqual([3, 'under-way']);
  expect(stories[0]?.lines.at(-1)).toMatchObject({ what: 'next', at: sendAt.toISOString() });
});

it('tells of one whose fields are wrong, and repeats no address that stands in them', async () => {
  await outbox.write('x', { to: { addresses: [PHONE] }, title: 7 });
  await outbox.deliverEvents();
  const { code, out } = await operator.call('why', '--document', 'pushes/x', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ stories: [{ state: 'failed' }] });
  expect(out).toContain('title');
  expect(out).not.toContain('APA91b');
});
