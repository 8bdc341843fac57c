import { addReport, noTotals } from './totals.ts';
import { summaryLines } from './words.ts';

const REPORT = {
  violation: undefined,
  ...{ events: 100, virtualMs: 7_200_000, deliveries: 2, rings: 3 },
};

it('a summary has the faults by number, and which of them never met', () => {
  const totals = noTotals();
  addReport(totals, { ...REPORT, faults: ['crash', 'late', 'crash'] });
  addReport(totals, { ...REPORT, faults: ['slow'] });
  expect(summaryLines(totals, 4, ['crash', 'late', 'slow', 'lost'])).toEqual([
    '2 worlds in 4 s: 0.5 a second',
    'simulated: 4 hours, 1 for each real second',
    'events: 200, 50 a second',
    'deliveries: 4; phones rang 6 times',
    'faults that took effect: 4 of 3 kinds',
    '  crash: 2',
    '  late: 1',
    '  slow: 1',
    'faults that never took effect: lost',
    'pairs of faults that met in one world: 1 of 6',
    '  never: crash + lost; crash + slow; late + lost; late + slow; lost + slow',
  ]);
});
