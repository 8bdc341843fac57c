/**
 * Says in one line what is wrong with an input: each field, what was expected of it; never its value.
 */
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** `path: what was expected` for every issue, separated by `; `. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) => findings(issue, []))
    .map(([path, message]) => `${path}: ${message}`)
    .join('; ');
}

/** The same, sorted by field: path → what was expected. */
export function issuesByField(error: z.ZodError): Record<string, string> {
  const fields = new Map<string, string>();
  for (const [path, message] of error.issues.flatMap((issue) => findings(issue, []))) {
    const known = fields.get(path);
    fields.set(path, known === undefined ? message : `${known}; ${message}`);
  }
  return Object.fromEntries(fields);
}

function findings(issue: Issue, parent: readonly PropertyKey[]): (readonly [string, string])[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return issue.issues.flatMap((inner) => findings(inner, path));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one of the right type; what it complains about is what helps.
    const candidates = issue.errors.filter((inner) => !inner.some(isWrongType));
    const meant =
      candidates.find((inner) => !inner.some(isUnknownKey)) ??
      (candidates.length === 1 ? candidates[0] : undefined);
    if (meant !== undefined) return meant.flatMap((inner) => findings(inner, path));
  }
  return [[path.map(String).join('.') || '(value)', issue.message]];
}

function isWrongType(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function isUnknownKey(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0;
}
