/** `node bench/render.ts`: prints the README's tables from bench/results.json. */

import { join } from 'node:path';
import { readResults } from './results-file.ts';
import { tablesOf } from './tables.ts';

const file = process.argv[2] ?? join(import.meta.dirname, 'results.json');
const results = await readResults(file);
if (results === undefined) {
  throw new Error(`${file}: expected the results of a run, found none. Run: npm run bench`);
}
process.stdout.write(tablesOf(results));
