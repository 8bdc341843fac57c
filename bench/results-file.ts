/** Reads and writes bench/results.json. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { format } from 'prettier';
import { significant } from './statistics.ts';
import type { Results } from './results.ts';

/** The project's own, so that the linter has nothing to say. */
const PRINT_WIDTH = 100;

/** Undefined if there is no such file. */
export async function readResults(file: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeResults(file: string, results: Results): Promise<void> {
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? significant(value) : value;
  const text = JSON.stringify(results, rounded, 2);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await format(text, { parser: 'json', printWidth: PRINT_WIDTH }));
}
