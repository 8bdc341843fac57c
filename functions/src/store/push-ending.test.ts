import { Timestamp } from '@google-cloud/firestore';
import { endingOfPush, MAX_REASONS, stateOf } from './push-ending';
import { NO_COUNTS, type Counts } from './schema';

const counts = (some: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...some });

it.each<[string, Partial<Counts>]>([
  ['sent', { delivered: 2 }],
  ['sent', { delivered: 2, unreachable: 5, skipped: 3 }],
  ['partly', { delivered: 2, unregistered: 1 }],
  ['partly', { delivered: 2, expired: 1 }],
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
  expect(stateOf(counts({ delivered: 1 }), 'given up').state).toBe('partly');
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
