/** Reads the emulator's rules coverage report: which condition was never seen to be true, or false. */

/** One expression of the rules with the values it took; a value without `boolValue` is no boolean. */
export interface CoveredExpression {
  readonly sourcePosition: { readonly line?: number; readonly currentOffset?: number };
  readonly values?: readonly { readonly value: Readonly<Record<string, unknown>> }[];
}

/** The answer of `GET /emulator/v1/projects/{projectId}:ruleCoverage`, as far as it is read here. */
export interface CoverageReport {
  readonly report: readonly CoveredExpression[];
}

/** Opens what the rules nest: a path, or anything else in braces. */
const BRACE = /\bmatch (\/\S*) \{|[{}]/g;

/** The path of the innermost `match` around a place in the rules, e.g. `/users/{uid}`. */
function matchAround(rules: string, place: number): string {
  const open: string[] = [];
  for (const { index, 0: text, 1: path } of withoutComments(rules).matchAll(BRACE)) {
    if (index >= place) break;
    if (text === '}') open.pop();
    else open.push(path ?? '');
  }
  return open.join('');
}

/** The same length, so that places stay; comments may hold any brace. */
function withoutComments(rules: string): string {
  return rules.replaceAll(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
}

/** Where a condition starts, as the report counts: behind `if`, behind `return`, or at a first `let`. */
const CONDITION = /\ballow [a-z, ]+: if\s+|\bfunction \w+\([^)]*\) \{\s*(?:return\s+)?/g;

/**
 * Lists what the `allow`s and functions of the rules never evaluated to, one line each, in source order.
 *
 * False means false: an expression that ended in an error denies too, but proves nothing of its
 * conditions, and the report shows it as `undefined`. A function whose values are of another type, such
 * as a list or a document, only has to have had one.
 *
 * @param rules the very text that was loaded
 * @param coverage the emulator's report on it
 * @param isTried whether a `match`, by its whole path, is one that the attempts are about, so that an app's own are not asked for;
 *   `wasEvaluated`: whether the condition ever was. Default: all are.
 */
export function coverageGaps(
  rules: string,
  coverage: CoverageReport,
  isTried: (match: string, wasEvaluated: boolean) => boolean = () => true,
): string[] {
  const valuesAt = new Map<number, Readonly<Record<string, unknown>>[]>();
  for (const { sourcePosition, values = [] } of coverage.report) {
    const seen = values.map(({ value }) => value);
    // The emulator leaves out a zero, as protocol buffers do.
    valuesAt.set(sourcePosition.currentOffset ?? 0, seen);
  }
  return [...rules.matchAll(CONDITION)].flatMap((match) => {
    const seen = valuesAt.get(match.index + match[0].length) ?? [];
    if (!isTried(matchAround(rules, match.index), seen.length > 0)) return [];
    const line = rules.slice(0, match.index).split('\n').length;
    const isOfAnotherType = seen.some(
      (value) => !('boolValue' in value) && !('undefined' in value),
    );
    return [true, false]
      .filter((wanted) => !isOfAnotherType && !seen.some((value) => value['boolValue'] === wanted))
      .map(
        (wanted) => `line ${line}: ${match[0].split('\n', 1).join().trim()} was never ${wanted}`,
      );
  });
}
