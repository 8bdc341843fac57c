/** The decision about an event whose actor, document or people are limited: a table, and what holds for whatever comes. */
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/durations';
import { fits, judge, type Budget, type Patience } from './limits';

const NOW = 1_800_000_000_000;
const FREE: Budget = { max: 0, used: 0 };
const DROPPING: Patience = {
  ...{ overBudget: 'drop', waits: 0, now: NOW, until: NOW + DAY_MS, random: 0 },
} as const;
const WAITING: Patience = { ...DROPPING, overBudget: 'wait' };

const standing = (size: number, minute: Budget, day: Budget = FREE, isRepeated = false) => ({
  ...{ size, minute, day, isRepeated },
});

describe('an event passes', () => {
  it.each<[string, ReturnType<typeof standing>]>([
    ['where nothing is limited', standing(1_000_000, FREE)],
    ['while its actor has something left', standing(99, { max: 1_000, used: 991 })],
    ['with the very last of it', standing(99, { max: 1_000, used: 1_000 })],
    ['as the first of its time, however large it is', standing(5_000, { max: 1_000, used: 5_000 })],
    ['with no one to tell', standing(0, { max: 1_000, used: 0 })],
  ])('%s', (_when, what) => {
    expect(judge(what, DROPPING)).toEqual({ kind: 'pass' });
    expect(judge(what, WAITING)).toEqual({ kind: 'pass' });
  });
});

describe('an event is dropped', () => {
  it.each<[string, string, ReturnType<typeof standing>, Patience]>([
    ['that was told already', 'repeated', standing(1, FREE, FREE, true), WAITING],
    [
      'that was told already, before its budget is looked at',
      'repeated',
      standing(1, { max: 1, used: 2 }, FREE, true),
      WAITING,
    ],
    ['beyond the minute', 'over-budget', standing(99, { max: 1_000, used: 1_001 }), DROPPING],
    ['beyond the day', 'over-budget', standing(1, FREE, { max: 10, used: 11 }), DROPPING],
    [
      'as large as all of it, after another one',
      'over-budget',
      standing(5_000, { max: 1_000, used: 5_001 }),
      DROPPING,
    ],
    [
      'that would wait for longer than it is worth',
      'over-budget',
      standing(1, { max: 1, used: 2 }),
      { ...WAITING, until: NOW + MINUTE_MS },
    ],
  ])('%s', (_which, why, what, patience) => {
    expect(judge(what, patience)).toEqual({ kind: 'drop', why });
  });
});

describe('an event waits', () => {
  it.each<[string, number, Budget, Budget, Partial<Patience>]>([
    ['a minute', MINUTE_MS, { max: 10, used: 11 }, FREE, {}],
    ['a minute and a part of one', 1.5 * MINUTE_MS, { max: 10, used: 11 }, FREE, { random: 0.5 }],
    [
      'as many minutes as there are budgets before it',
      7 * MINUTE_MS,
      { max: 10, used: 79 },
      FREE,
      {},
    ],
    ['twice as long each time', 8 * MINUTE_MS, { max: 10, used: 11 }, FREE, { waits: 3 }],
    ['an hour at most', HOUR_MS, { max: 1, used: 500 }, FREE, { waits: 40 }],
    ['an hour at least for a new day', HOUR_MS, FREE, { max: 10, used: 11 }, {}],
    [
      'four hours at most for a new day',
      4 * HOUR_MS,
      { max: 1, used: 11 },
      { max: 10, used: 11 },
      { random: 1 },
    ],
  ])('%s', (_how, ms, minute, day, more) => {
    const verdict = judge(standing(1, minute, day), { ...WAITING, ...more });
    expect(verdict).toEqual({ kind: 'wait', until: NOW + ms });
  });
});

describe('whatever comes', () => {
  const amount = fc.integer({ min: 0, max: 100_000 });
  const budget = fc.record({ max: amount, used: amount });
  const patience = fc.record({
    overBudget: fc.constantFrom('drop' as const, 'wait' as const),
    waits: fc.integer({ min: 0, max: 1_000 }),
    now: fc.constant(NOW),
    until: fc.integer({ min: NOW - DAY_MS, max: NOW + 28 * DAY_MS }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });

  it('what waits has a time to come that is before its end, and no further than four hours', () => {
    fc.assert(
      fc.property(amount, budget, budget, patience, (size, minute, day, how) => {
        const verdict = judge(standing(size, minute, day), how);
        if (verdict.kind !== 'wait') return true;
        const { until } = verdict;
        return until >= NOW + MINUTE_MS && until <= how.until && until <= NOW + 4 * HOUR_MS;
      }),
    );
  });

  it('of events in a row as many pass as fit, or the first alone, and to decide again changes nothing', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1_000 }), (row, max) => {
        // Each is judged by all that stand before it, told or not.
        const told = row.filter((size, index) => {
          const used = row.slice(0, index + 1).reduce((sum, each) => sum + each, 0);
          return judge(standing(size, { max, used }), DROPPING).kind === 'pass';
        });
        const sum = told.reduce((all, each) => all + each, 0);
        return sum <= max || (told.length === 1 && told[0] === row[0]);
      }),
    );
  });

  it('whoever has used less may send whatever whoever has used more may', () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, (max, size, used, more) => {
        return !fits({ max, used: used + more }, size) || fits({ max, used }, size);
      }),
    );
  });
});
