/** Firestore that loses an answer, is away, or refuses what is recorded. */
import { openCloud, type Cloud } from './cloud.ts';
import type { Trouble } from './firestore-proxy.ts';
import type { Wires } from './fleet.ts';
import { addPeople, addressOf, expectTold, like, tellChat } from './people.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;

/** What is recorded of a round carries counts; so does the claim that makes the entry, which also says when. */
const isRecord = (body: string) => body.includes('deliveries/') && !isClaim(body);
const isClaim = (body: string) => body.includes('createdAt') && body.includes('deliveries/');
/** A take-over says nothing but that there is one more attempt. */
const isOutcome = (body: string) => isRecord(body) && /counts|reached|reasons|failed/.test(body);

function wiresOf(cloud: Cloud): Wires {
  return cloud.fleet.instances.at(-1)?.wires as Wires;
}

function mostSends(cloud: Cloud): number {
  return Math.max(0, ...cloud.sends().values());
}

function addressesOf(uids: readonly string[]): string[] {
  return uids.map((uid) => addressOf(uid));
}

/**
 * Lets `ms` pass while Firestore refuses: in leaps when nobody is at work, else two minutes for each refusal, since whoever is at
 * work tries again.
 */
async function passInTrouble(cloud: Cloud, ms: number, isEnough: () => boolean): Promise<void> {
  const { calls } = wiresOf(cloud);
  const end = cloud.clock.now() + ms;
  while (cloud.clock.now() < end && !isEnough()) {
    const { struck } = calls;
    await cloud.until(() => !cloud.fleet.isBusy || calls.struck > struck, 'something happened');
    if (cloud.fleet.isBusy) cloud.clock.advance(2 * MINUTE_MS);
    else cloud.leap();
    await new Promise(setImmediate);
  }
}

it('knows its own claim when the answer to it was lost', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 5);
  wiresOf(cloud).calls.add({ call: 'Commit', when: isClaim, then: 'lose-answer', times: 1 });
  await tellChat(cloud, uids);
  const passed = await cloud.settle();
  expect(wiresOf(cloud).calls.struck).toBe(1);
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect(passed).toBeLessThan(MINUTE_MS);
});

it('knows its own record when the answer to it was lost', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 5);
  wiresOf(cloud).calls.add({ call: 'Commit', when: isOutcome, then: 'lose-answer', times: 1 });
  await tellChat(cloud, uids);
  await cloud.settle();
  expect(wiresOf(cloud).calls.struck).toBe(1);
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
});

it('records when Firestore is back, and sends nothing again', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 50);
  const { calls } = wiresOf(cloud);
  calls.add({ call: 'Commit', when: isOutcome, then: UNAVAILABLE });
  await tellChat(cloud, uids);
  await cloud.untilSent(50);
  await cloud.until(() => calls.struck > 0, 'a record was refused');
  cloud.clock.advance(100_000);
  await cloud.until(() => calls.struck > 1, 'the record was tried again');
  calls.mend();
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect(cloud.simulator.requestCount()).toBe(50);
});

describe.each([1, 500])('with %i recipients', (count) => {
  const forEver: readonly (readonly [string, Trouble['then']])[] = [
    ['INVALID_ARGUMENT', INVALID_ARGUMENT],
    ['UNAVAILABLE', UNAVAILABLE],
  ];
  it.each(forEver)(
    'sends to nobody more than twice in an hour in which every record is refused as %s',
    async (_, then) => {
      const cloud = await openCloud({ instance: { wired: true } });
      const uids = await addPeople(cloud, count);
      const { calls } = wiresOf(cloud);
      calls.add({ call: 'Commit', when: isOutcome, then });
      await tellChat(cloud, uids);
      await passInTrouble(cloud, HOUR_MS, () => mostSends(cloud) > 2);
      expect(mostSends(cloud)).toBeLessThanOrEqual(2);
      calls.mend();
      await cloud.settle();
      expect(mostSends(cloud)).toBeLessThanOrEqual(2);
      const { state, error } = await cloud.onlyDelivery();
      // What Firestore says it will never take ends the delivery, and the ledger says so.
      const isComplete = cloud.sends().size === count || (state === 'failed' && error !== '');
      expect({ isComplete, state, error }).toEqual({ isComplete: true, state, error });
    },
  );
});

it('does not hang on a connection to Firestore that died without a word', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 2);
  await like(cloud, uids[0] as string, ['liker']);
  await cloud.settle();
  wiresOf(cloud).firestore.silenceOpen();
  const began = performance.now();
  await like(cloud, uids[1] as string, ['liker']);
  await cloud.until(() => cloud.sends().size === 2, 'the second was told');
  expect(performance.now() - began).toBeLessThan(30_000);
});
