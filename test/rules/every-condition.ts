/** Asks the emulator, after all attempts, which conditions of the rules were never tried. */
import { coverageGaps } from './coverage.ts';
import type { CoverageReport } from './coverage.ts';
import { rules } from './subject.ts';
import type { Emulated } from './subject.ts';

const DOCUMENTS = '/databases/{database}/documents';

/**
 * Declares one test, to stand after the attempts: every condition was true in one of them and false in another.
 *
 * @param where those attempts were made.
 * @param matches what the attempts are about, such as `/users/{uid}`. A word of all sections counts where they have used it:
 *   the rest is for others to try.
 */
export function everyConditionIsTried(where: () => Emulated, matches: readonly string[]): void {
  const tried = matches.map((match) => `${DOCUMENTS}${match}`);
  const isTried = (match: string, wasEvaluated: boolean): boolean =>
    tried.includes(match) || (match === DOCUMENTS && wasEvaluated);

  test('every condition of the rules was true in one attempt and false in another', async () => {
    const { host, projectId } = where();
    const response = await fetch(`http://${host}/emulator/v1/projects/${projectId}:ruleCoverage`);
    expect(response.status).toBe(200);
    const report = (await response.json()) as CoverageReport;
    expect(coverageGaps(rules, report, isTried)).toEqual([]);
  });
}
