import { add, summary, totalsOf } from './results.ts';

test('adds up several runs in one line', () => {
  const runs = [
    { numPassedTests: 40, numFailedTests: 0, numPendingTests: 0, numRuntimeErrorTestSuites: 0 },
    { numPassedTests: 2, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 },
  ];
  expect(summary(add(runs.map(totalsOf)))).toBe('Tests: 42 passed, 1 failed');
});

test('counts a file that could not be run, and a run that left no report, as a failure', () => {
  const broken = {
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 0,
    numRuntimeErrorTestSuites: 2,
  };
  expect(totalsOf(broken)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(totalsOf(undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('counts what was skipped, and says so', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 4,
    numRuntimeErrorTestSuites: 0,
  };
  expect(summary(add([report, report].map(totalsOf)))).toBe('Tests: 6 passed, 0 failed, 8 skipped');
});
