/** Whatever a notification may say, the ledger can keep it: no entry is refused for ever. */
import { sampleDrafts } from '../../kit/src/testing/notification.ts';
import { OutboxWorld } from './world.ts';

let outbox: OutboxWorld;

beforeAll(async () => {
  outbox = await OutboxWorld.create();
});
afterAll(() => outbox.close());

it('is kept as it is by Firestore itself', async () => {
  const { db } = outbox.world;
  const drafts = sampleDrafts(1500);
  expect(drafts.length).toBeGreaterThan(100);
  await Promise.all(
    drafts.map(async (content, index) => {
      const entry = db.doc(`deliveries/content-${index}`);
      await entry.create({ content });
      expect((await entry.get()).get('content')).toEqual(content);
    }),
  );
});
