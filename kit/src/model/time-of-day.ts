/**
 * Times of day as settings and documents spell them: `HH:MM`, from 00:00 to 23:59; pure. The rules of Firestore spell the same
 * pattern out, in `cli/rules/template.ts`.
 */

/** Source of a regular expression, to be part of longer ones; it captures nothing. */
export const TIME_OF_DAY = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';

const ALONE = new RegExp(`^${TIME_OF_DAY}$`);

export function isTimeOfDay(value: unknown): value is string {
  return typeof value === 'string' && ALONE.test(value);
}

/** Minutes since midnight of a time that {@link isTimeOfDay} accepts. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
