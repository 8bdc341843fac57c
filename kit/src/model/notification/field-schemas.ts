/**
 * The kinds of fields that a notification has several of: names, keys, texts, data.
 */
import { isRecord } from '../is-record';
import * as z from 'zod';
import type { DataValues } from './content';
import { once } from '../once';
import { dataKeyProblem, fieldNameProblem } from './data-keys';

/** Of names that developers give: channels, sounds, keys of texts. */
const MAX_NAME_CHARACTERS = 256;
/** Values in one text. */
const MAX_ARGS = 20;

/** A name that a developer gave. */
export function name(maxCharacters = MAX_NAME_CHARACTERS) {
  return z
    .string()
    .min(1)
    .max(maxCharacters)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'expected no control characters');
}

/** A key that is composed of ids, and may be as long as they are. */
export const key = once(() => z.string().min(1).max(10_000));

const args = () =>
  dictionary<Readonly<Record<string, string | number>>>({
    keyProblem: fieldNameProblem,
    maxKeys: MAX_ARGS,
    isValue: (value) => typeof value === 'string' || Number.isFinite(value),
    expected: 'expected a string or a number',
  });

/** See {@link Text}. */
export const text = once(() =>
  z.union(
    [
      z.string(),
      z.strictObject({ key: name(), args: args().optional() }),
      z.strictObject({
        locKey: name(),
        locArgs: z.array(z.string()).max(MAX_ARGS).optional(),
        fallback: z.string().optional(),
      }),
    ],
    { error: 'expected a text, { key, args } or { locKey, locArgs, fallback }' },
  ),
);

/** Flat strings for the app. */
export const data = once(() =>
  dictionary<DataValues>({
    keyProblem: dataKeyProblem,
    isValue: (value) => typeof value === 'string',
    expected: 'expected a string: convert numbers and booleans, JSON.stringify objects',
  }),
);

/** An object of the app's, key by key as it stands: a schema for records would pass over `__proto__`. */
function dictionary<Values>({
  keyProblem,
  isValue,
  expected,
  maxKeys = Infinity,
}: {
  readonly keyProblem: (key: string) => string | undefined;
  readonly isValue: (value: unknown) => boolean;
  readonly expected: string;
  readonly maxKeys?: number;
}) {
  return z.custom<Values>().superRefine((value: unknown, context) => {
    const refuse = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', path, message });
    if (value === undefined) return;
    if (!isRecord(value)) {
      return refuse('expected an object');
    }
    const entries = Object.entries(value);
    if (entries.length > maxKeys) return refuse(`expected at most ${maxKeys} values`);
    for (const [key, member] of entries) {
      const problem = keyProblem(key) ?? (isValue(member) ? undefined : expected);
      // A key may be long, or not be text that could be kept.
      if (problem !== undefined) refuse(problem, key.slice(0, 100).toWellFormed());
    }
  });
}
