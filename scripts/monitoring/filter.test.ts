/** The part of Cloud Logging's query language that the metrics use. */
import { fieldsOf, matches, parseFilter } from './filter.ts';

const ENTRY = {
  severity: 'ERROR',
  resource: { type: 'cloud_run_revision' },
  jsonPayload: { event: 'delivery', schema: 1, failed: 0, latencyMs: 1200, reason: 'Too large' },
};

it.each([
  ['resource.type="cloud_run_revision"', true],
  ['resource.type="cloud_function"', false],
  ['jsonPayload.schema=1', true],
  ['jsonPayload.schema=2', false],
  ['jsonPayload.event="DELIVERY"', true],
  ['jsonPayload.failed>0', false],
  ['jsonPayload.failed>=0', true],
  ['jsonPayload.latencyMs > 1000 AND jsonPayload.latencyMs<=1200', true],
  ['jsonPayload.latencyMs<1200', false],
  ['jsonPayload.reason>0', false],
  ['jsonPayload.reason=~"^Too"', true],
  ['jsonPayload.reason=~"^too"', false],
  ['jsonPayload.reason=~"lar"', true],
  ['jsonPayload.event!="shard"', true],
  ['jsonPayload.event!="delivery"', false],
  ['jsonPayload.failed:*', true],
  ['jsonPayload.expired:*', false],
  ['jsonPayload.expired=0', false],
  ['jsonPayload.expired>=0', false],
  ['jsonPayload.toString:*', false],
  ['(jsonPayload.event="shard" OR jsonPayload.event="delivery") AND severity="ERROR"', true],
  ['severity="ERROR" AND (jsonPayload.failed>0 OR jsonPayload.expired>0)', false],
  ['((severity="ERROR"))', true],
])('%s is %s of the entry', (filter, expected) => {
  expect(matches(parseFilter(filter), ENTRY)).toBe(expected);
});

it('knows the fields that a filter asks about', () => {
  const filter = parseFilter('a.b=1 AND (jsonPayload.x:* OR jsonPayload.y=~"z")');
  expect(fieldsOf(filter)).toEqual(['a.b', 'jsonPayload.x', 'jsonPayload.y']);
});

it.each([
  ['a=1 AND b=2 OR c=3', 'without parentheses'],
  ['NOT a=1', 'Expected a field, got NOT'],
  ['a=1 b=2', 'Unexpected b'],
  ['a=word', 'quotation marks'],
  ['a:"part"', 'Not understood'],
  ['(a=1', 'not closed'],
  ['a', 'Expected an operator'],
  ['a=', 'Expected a value'],
  ['"text"', 'Expected a field'],
  ['', 'got the end'],
])('refuses %s', (filter, problem) => {
  expect(() => parseFilter(filter)).toThrow(problem);
});

it('refuses to say whether a field that is not there differs from something', () => {
  const filter = parseFilter('jsonPayload.expired!=0');
  expect(() => matches(filter, ENTRY)).toThrow('no such field');
});
