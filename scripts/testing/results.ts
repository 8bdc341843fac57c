/** Adds up what several runs of jest report; pure. */

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of jest's `--json` report that is read here. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  /** Skipped, in jest's words. */
  numPendingTests: number;
  /** Files that failed before any of their tests ran. */
  numRuntimeErrorTestSuites: number;
}

/** What did not come to its tests. */
export const ONE_FAILURE: Totals = { passed: 0, failed: 1, skipped: 0 };

/** A run without a report has crashed: one failure, and no test is known to have passed. */
export function totalsOf(report: JestReport | undefined): Totals {
  if (!report) return ONE_FAILURE;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests,
  };
}

export function add(all: readonly Totals[]): Totals {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

/** The line that a test run ends with; what was skipped is said only where something was. */
export function summary({ passed, failed, skipped }: Totals): string {
  const line = `Tests: ${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
