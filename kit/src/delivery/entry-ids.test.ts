import { noteIds, rootOf, shardId, shardNumberOf } from './entry-ids';

it('gives no two shards one id', () => {
  expect(shardId('like-e1', 1)).not.toBe(shardId('like-e1', 11));
});

it.each([
  ['a delivery', 'like-e1', 'like-e1', undefined],
  ['a shard', shardId('like-e1', 17), 'like-e1', 17],
  ['a note that nobody was told', noteIds('like-e1').nobody, 'like-e1', undefined],
  ['a note that compose failed', noteIds('like-e1').compose, 'like-e1', undefined],
  ['a delivery whose id has a tilde', 'like-e~x', 'like-e~x', undefined],
  ['what only looks like a shard, since no delivery has an empty id', '~5', '~5', undefined],
])('tells of %s which delivery it belongs to: %j', (_what, id, root, shard) => {
  expect({ root: rootOf(id), shard: shardNumberOf(id) }).toEqual({ root, shard });
});
