/**
 * Checks settings when the functions' code is loaded, which `firebase deploy` does before it changes anything: a value that the
 * product cannot work with is refused there, by name, and not found out one night.
 */

import { own } from './own';

/** What a setting may be. */
export type Allowed =
  /** A whole number within bounds, both included. */
  | { readonly from: number; readonly to: number }
  | { readonly oneOf: readonly (number | string)[] }
  | TextForm
  /** Text that is checked by whatever reads it. */
  | 'text';

/** Text of a form, and that form in words. */
export interface TextForm {
  readonly form: RegExp;
  readonly words: string;
}

/** Whole numbers as a person writes them: no sign, no fraction, no exponent, no leading zero. */
export const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,8})$/;

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
    return [`${name}: expected ${describeAllowed(rule)}, got "${value}".`];
  });
}

function isAllowed(value: string, rule: Allowed): boolean {
  if (rule === 'text') return true;
  if ('form' in rule) return rule.form.test(value);
  if ('oneOf' in rule) return rule.oneOf.some((each) => String(each) === value);
  return WHOLE_NUMBER.test(value) && Number(value) >= rule.from && Number(value) <= rule.to;
}

/** What is allowed, in words that follow "expected". */
export function describeAllowed(rule: Allowed): string {
  if (rule === 'text') return 'text';
  if ('form' in rule) return rule.words;
  return 'oneOf' in rule
    ? rule.oneOf.join(' or ')
    : `a whole number from ${rule.from} to ${rule.to}`;
}
