import { tallyFailures } from './tally-failures';

it('adds up addresses by code, and deliveries that failed as a whole by theirs, the most frequent first', () => {
  expect(
    tallyFailures([
      { codes: { QUOTA_EXCEEDED: 2, KEPT_BREAKER: 30 } },
      { codes: { QUOTA_EXCEEDED: 5 } },
      { errorCode: 'COMPOSE_FAILED' },
      { errorCode: 'COMPOSE_FAILED' },
    ]),
  ).toEqual([
    { code: 'KEPT_BREAKER', count: 30, of: 'addresses' },
    { code: 'QUOTA_EXCEEDED', count: 7, of: 'addresses' },
    { code: 'COMPOSE_FAILED', count: 2, of: 'deliveries' },
  ]);
});

it('counts what failed in shards once, and not again in the delivery that they belong to', () => {
  const codes = { UNAVAILABLE: 3 };
  expect(
    tallyFailures([
      { codes, coverage: { kind: 'paged-shards' } },
      { codes, coverage: { kind: 'range' } },
    ]),
  ).toEqual([{ code: 'UNAVAILABLE', count: 3, of: 'addresses' }]);
});

it('names an entry that has it, the last', () => {
  const codes = { UNAVAILABLE: 1 };
  expect(
    tallyFailures([
      { id: 'like-1', codes },
      { id: 'like-2', codes: { ...codes, QUOTA_EXCEEDED: 2 } },
      { id: 'like-3', errorCode: 'UNAVAILABLE' },
    ]),
  ).toEqual([
    { code: 'UNAVAILABLE', count: 2, of: 'addresses', example: 'like-2' },
    { code: 'QUOTA_EXCEEDED', count: 2, of: 'addresses', example: 'like-2' },
    { code: 'UNAVAILABLE', count: 1, of: 'deliveries', example: 'like-3' },
  ]);
});

it('takes codes that every object has for codes', () => {
  expect(tallyFailures([{ codes: Object.fromEntries([['constructor', 1]]) }])).toEqual([
    { code: 'constructor', count: 1, of: 'addresses' },
  ]);
});
