import { Timestamp } from '@google-cloud/firestore';
import { endingIn, endingOfPush, MAX_REASONS, stateOf } from './push-ending';
import { NO_COUNTS, type Counts } from '../model/counts';

const counts = (some: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...some });

it.each<[string, Partial<Counts>]>([
  ['sent', { delivered: 2 }],
  ['sent', { delivered: 2, unreachable: 5, skipped: 3 }],
  ['partial', { delivered: 2, unregistered: 1 }],
  ['partial', { delivered: 2, expired: 1 }],
  ['failed', { rejected: 1 }],
  ['failed', { unreachable: 1 }],
  ['sent', { skipped: 2 }],
  ['sent', {}],
])('a push is %s with %j', (state, some) => {
  expect(stateOf(counts(some)).state).toBe(state);
});

it('a failed push says why', () => {
  expect(stateOf(counts({ unreachable: 3 })).why).toContain('None of the 3 recipients');
  expect(stateOf(counts({ failed: 3 })).why).toContain('reasons');
  expect(stateOf(counts({}), 'too large')).toEqual({ state: 'failed', why: 'too large' });
  expect(stateOf(counts({ delivered: 1 }), 'given up').state).toBe('partial');
});

it('reasons are named for small audiences only', () => {
  const at = Timestamp.fromMillis(0);
  const reasons = (many: number) =>
    Object.fromEntries(Array.from({ length: many }, (_, nth) => [`u${nth}`, 'delivered']));
  const ending = (many: number) => endingOfPush({ counts: counts({}), reasons: reasons(many) }, at);
  expect(ending(MAX_REASONS)).toHaveProperty('reasons');
  expect(ending(MAX_REASONS + 1)).not.toHaveProperty('reasons');
  expect(ending(0)).not.toHaveProperty('reasons');
});

it('reasons are left out where their ids are so long that the document might not take them', () => {
  const reasons = Object.fromEntries(
    Array.from({ length: 30 }, (_, nth) => [`${nth}`.padEnd(1_500, 'x'), 'delivered']),
  );
  const ending = endingOfPush({ counts: counts({}), reasons }, Timestamp.fromMillis(0));
  expect(ending).not.toHaveProperty('reasons');
});

it('says no more than how it ended in a document that takes no more', () => {
  const at = Timestamp.fromMillis(0);
  const ending = { counts: counts({ delivered: 1 }), reasons: { ola: 'delivered' } };
  expect(endingIn({ title: 'Sale' }, ending, at)).toEqual(endingOfPush(ending, at));
  const full = { title: 'Sale', data: { a: 'x'.repeat(1_048_000) } };
  expect(Object.keys(endingIn(full, ending, at))).toEqual(['state', 'accepted.state', 'nextAt']);
});
