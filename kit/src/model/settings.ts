/**
 * Checks settings when the functions' code is loaded, which `firebase deploy` does before it changes anything: a value that the
 * product cannot work with is refused there, by name, and not found out one night.
 */

import { own } from './own';

/** What a setting may be: a whole number within bounds, both included, or one of some. */
export type Allowed =
  { readonly from: number; readonly to: number } | { readonly oneOf: readonly (number | string)[] };

/** Whole numbers as a person writes them: no sign, no fraction, no exponent, no leading zero. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,8})$/;

/**
 * Every setting that has a value which is not allowed, a line each; settings without a value have their default.
 *
 * @param allowed by the setting's name.
 * @param env the values, as the environment has them: as text.
 */
export function settingProblems(
  allowed: ReadonlyMap<string, Allowed>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  return [...allowed].flatMap(([name, rule]) => {
    const value = own(env, name);
    if (value === undefined || isAllowed(value, rule)) return [];
    return [`${name}: expected ${describe(rule)}, got "${value}".`];
  });
}

function isAllowed(value: string, rule: Allowed): boolean {
  if ('oneOf' in rule) return rule.oneOf.some((each) => String(each) === value);
  return WHOLE_NUMBER.test(value) && Number(value) >= rule.from && Number(value) <= rule.to;
}

function describe(rule: Allowed): string {
  return 'oneOf' in rule
    ? rule.oneOf.join(' or ')
    : `a whole number from ${rule.from} to ${rule.to}`;
}
