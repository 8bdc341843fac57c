/** Adds up what several runs of jest report; pure. */

export interface Totals {
  passed: number;
  failed: number;
}

/** The part of jest's `--json` report that is read here. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  /** Files that failed before any of their tests ran. */
  numRuntimeErrorTestSuites: number;
}

/** A run without a report has crashed: one failure, and no test is known to have passed. */
export function totalsOf(report: JestReport | undefined): Totals {
  if (!report) return { passed: 0, failed: 1 };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  };
}

export function add(all: readonly Totals[]): Totals {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** The line that a test run ends with. */
export function summary({ passed, failed }: Totals): string {
  return `Tests: ${passed} passed, ${failed} failed`;
}
