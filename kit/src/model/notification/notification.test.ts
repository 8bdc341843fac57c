import fc from 'fast-check';
import { anyNotification } from '../../testing/notification';
import { notificationFields } from './notification';

it('has every field tried with hostile values: see anyNotification in testing/notification.ts', () => {
  const tried = new Set(fc.sample(anyNotification, { numRuns: 200, seed: 1 }).flatMap(Object.keys));
  expect([...tried].sort()).toEqual([...notificationFields()].sort());
});
