/** Reads and writes bench/results.json. */

import { readFile, writeFile } from 'node:fs/promises';
import { significant } from './statistics.ts';
import type { Results } from './results.ts';

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
  await writeFile(file, `${JSON.stringify(results, rounded, 2)}\n`);
}
