/**
 * Catalogue entries tell topics, conditions and users by a field, as the outbox does; addresses are the outbox's alone.
 */
import { complete } from '../../kit/src/model/notification/complete.ts';
import { InvalidInputError } from '../../kit/src/model/invalid-input.ts';
import { allOf, anyOf } from '../../kit/src/model/topic-condition.ts';
import { World } from '../faults/world.ts';

const OLA = 'ola:APA91b-1';
const LIA = 'lia:APA91b-2';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
  world.simulator.putDevice(OLA, { topics: ['news', 'sport'] });
  world.simulator.putDevice(LIA, { topics: ['news'] });
});
afterAll(() => world.close());

it('a topic', async () => {
  const entry = await world.tell({ to: { topic: 'news' }, title: 'Snow' });
  expect(entry).toMatchObject({ state: 'done', counts: { delivered: 1 } });
  expect([world.titles(OLA), world.titles(LIA)]).toEqual([['Snow'], ['Snow']]);
});

it('a condition as the builder makes it', async () => {
  const entry = await world.tell({ to: allOf('news', anyOf('sport', 'weather')), title: 'Goal' });
  expect(entry.reasons).toEqual({ 'the condition': 'delivered' });
  expect([world.titles(OLA), world.titles(LIA)]).toEqual([['Goal'], []]);
});

it('users by a field', async () => {
  await world.addUser('ola', [OLA], { locale: 'de' });
  await world.addUser('lia', [LIA], { locale: 'en' });
  await world.tell({ to: { users: { field: 'locale', op: '==', value: 'de' } }, title: 'Hallo' });
  expect([world.titles(OLA), world.titles(LIA)]).toEqual([['Hallo'], []]);
});

it('not addresses, which the ledger must not hold', () => {
  const to = { addresses: [OLA] } as unknown as string;
  const act = () => complete({ to, title: 'x' }, { type: 'x', deliveryId: 'x', eventTime: 0 });
  expect(act).toThrow(InvalidInputError);
  expect(act).toThrow('to: expected a user id, a list of user ids, or one of');
});
