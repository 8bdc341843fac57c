/**
 * Hundreds of events a second for one digest: each writes a document of its own, and none waits for another.
 */
import { randomUUID } from 'node:crypto';
import { digestId, Digests, type WindowDocument } from '../../kit/src/delivery/digests.ts';
import { forEachBounded } from '../../kit/src/model/concurrency.ts';
import { World } from './world.ts';

const EVENTS = 600;
/** Events under way at once, each on one of so many instances. */
const AT_ONCE = 100;
const INSTANCES = 10;

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

it('a key of hundreds of events a second is written by whoever opens and arms its window, and nobody else', async () => {
  const instances = Array.from({ length: INSTANCES }, () => {
    return new Digests(world.collections, () => world.now, randomUUID);
  });
  const digest = digestId('ola', 'wave', 'walls/w1');
  const prepared = new Set<string>();
  const answers = new Map<string, number>();
  // As many writes and reads of documents that nobody shares: what the emulator has room for.
  const apart = await perSecond(async (nth) => {
    await world.db.doc(`apart/e${nth}`).create({ nth });
    await world.db.doc(`apart/e${nth}`).get();
  });
  const together = await perSecond(async (nth) => {
    const gathered = await (instances[nth % INSTANCES] as Digests).gather({
      ...{ type: 'wave', digest, eventAt: world.now, isFirstPushed: true },
      item: { id: `wave-e${nth}`, actor: `u${nth}` },
      push: { style: 'alert', priority: 'high', data: {}, requiredData: [] },
      times: (now) => ({ closesAt: now + 60_000, latestAt: now + 60_000 }),
      prepare: (window) => {
        prepared.add(window);
        return Promise.resolve();
      },
    });
    const answer = gathered.kind === 'leads' ? 'leads' : String(gathered.window);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  });
  const [window] = prepared;
  expect([...answers].toSorted()).toEqual(
    [
      ['leads', 1],
      [window, EVENTS - 1],
    ].toSorted(),
  );
  const found = await world.collections.deliveries.doc(digest).get();
  expect((found.data() as WindowDocument).window).toBe(window);
  const written = (found.updateTime?.toMillis() ?? 0) - (found.createTime?.toMillis() ?? 0);
  console.log(
    `${together} events/s for one digest, ${apart}/s apart; its window was last written ${written} ms after it was made`,
  );
  const open = await instances[0]?.find(digest, String(window));
  if (open === undefined || !('open' in open)) throw new Error('It is not open.');
  const closed = await instances[0]?.close(open.open);
  if (closed === undefined) throw new Error('It was not closed.');
  expect(await instances[0]?.items.told(digest, closed)).toHaveLength(EVENTS - 1);
}, 120_000);

/** How often a second something was done, over all events. */
async function perSecond(step: (nth: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  await forEachBounded(EVENTS, AT_ONCE, step);
  return Math.round((EVENTS * 1000) / (performance.now() - began));
}
