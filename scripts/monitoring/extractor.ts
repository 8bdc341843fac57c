/**
 * How a log-based metric takes a label or a value out of a log entry: `EXTRACT(field)` or `REGEXP_EXTRACT(field, "regex")`; pure.
 */
import { fieldIn } from './filter.ts';

export interface Extractor {
  readonly field: string;
  readonly regex?: RegExp;
}

const EXTRACT = /^EXTRACT\(([\w.]+)\)$/;
const REGEXP_EXTRACT = /^REGEXP_EXTRACT\(([\w.]+), ?"((?:[^"\\]|\\.)*)"\)$/;

export function parseExtractor(text: string): Extractor {
  const [, field] = EXTRACT.exec(text) ?? [];
  if (field !== undefined) return { field };
  const [, from, pattern] = REGEXP_EXTRACT.exec(text) ?? [];
  if (from === undefined || pattern === undefined) throw new Error(`Not an extractor: ${text}`);
  const regex = new RegExp(pattern);
  const groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  if (groups !== 1) throw new Error(`Expected exactly one group: ${text}`);
  return { field: from, regex };
}

/** The text that a label gets; empty if there is none, as Cloud Logging has it. */
export function labelFrom(extractor: Extractor, entry: object): string {
  return textFrom(extractor, entry) ?? '';
}

/** The number that a distribution records; undefined: none, the entry does not count. */
export function numberFrom(extractor: Extractor, entry: object): number | undefined {
  const text = textFrom(extractor, entry);
  if (text === undefined || text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function textFrom({ field, regex }: Extractor, entry: object): string | undefined {
  const found = fieldIn(entry, field);
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') {
    return undefined;
  }
  return regex === undefined ? String(found) : regex.exec(String(found))?.[1];
}
