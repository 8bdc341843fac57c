/** Firestore that loses an answer, is away, or refuses what is recorded. */
import { openCloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, tellCustomers } from './people.ts';
import {
  expectTwiceAtMost,
  INVALID_ARGUMENT,
  isClaim,
  isOutcome,
  UNAVAILABLE,
  wiresOf,
} from './refusals.ts';

const MINUTE_MS = 60_000;

function addressesOf(uids: readonly string[]): string[] {
  return uids.map((uid) => addressOf(uid));
}

it('knows its own claim when the answer to it was lost', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 5);
  wiresOf(cloud).calls.add({ call: 'Commit', when: isClaim, then: 'lose-answer', times: 1 });
  await tellCustomers(cloud, uids);
  const passed = await cloud.settle();
  expect(wiresOf(cloud).calls.struck).toBe(1);
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect(passed).toBeLessThan(MINUTE_MS);
});

it('knows its own record when the answer to it was lost', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 5);
  wiresOf(cloud).calls.add({ call: 'Commit', when: isOutcome, then: 'lose-answer', times: 1 });
  await tellCustomers(cloud, uids);
  await cloud.settle();
  expect(wiresOf(cloud).calls.struck).toBe(1);
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
});

it('records when Firestore is back, and sends nothing again', async () => {
  const cloud = await openCloud({ instance: { wired: true } });
  const uids = await addPeople(cloud, 50);
  const { calls } = wiresOf(cloud);
  calls.add({ call: 'Commit', when: isOutcome, then: UNAVAILABLE });
  await tellCustomers(cloud, uids);
  await cloud.untilSent(50);
  await cloud.until(() => calls.struck > 0, 'a record was refused');
  cloud.clock.advance(100_000);
  await cloud.until(() => calls.struck > 1, 'the record was tried again');
  calls.mend();
  await cloud.settle();
  expectTold(cloud, addressesOf(uids), { crashes: 0 });
  expect(cloud.simulator.requestCount()).toBe(50);
});

it.each([
  [1, 20, 'UNAVAILABLE', UNAVAILABLE],
  [1, 60, 'INVALID_ARGUMENT', INVALID_ARGUMENT],
])(
  'sends to none of %i people more than twice in %i minutes in which every record is refused as %s',
  (count, minutes, _, status) => expectTwiceAtMost(count, status, minutes * MINUTE_MS),
);
