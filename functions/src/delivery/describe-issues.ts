/**
 * Says in one line what is wrong with an input: each field, what was expected of it; never its value.
 */
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** `path: what was expected` for every issue, separated by `; `. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.flatMap((issue) => describe(issue, [])).join('; ');
}

function describe(issue: Issue, parent: readonly PropertyKey[]): string[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return issue.issues.flatMap((inner) => describe(inner, path));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one of the right type; what it complains about is what helps.
    const meant = issue.errors.find((inner) => !inner.some(isWrongType));
    if (meant !== undefined) return meant.flatMap((inner) => describe(inner, path));
  }
  return [`${path.map(String).join('.') || '(value)'}: ${issue.message}`];
}

function isWrongType(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}
