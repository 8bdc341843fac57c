/** Instances that die or stand still in the middle of a delivery. */
import { openCloud } from './cloud.ts';
import { addPeople, addressOf, expectTold, like, tellChat } from './people.ts';

it('tells everybody once when nothing goes wrong', async () => {
  const cloud = await openCloud();
  const uids = await addPeople(cloud, 20);
  await tellChat(cloud, uids);
  await cloud.settle();
  expectTold(cloud, uids.map((uid) => addressOf(uid)), { crashes: 0 });
  expect(cloud.fleet.errors).toEqual([]);
});
