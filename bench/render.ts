/** `node bench/render.ts`: prints the README's table from bench/results.json; with `--all`, every table. */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readResults } from './results-file.ts';
import { summaryOf } from './summary.ts';
import { tablesOf } from './tables.ts';

const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const file = join(import.meta.dirname, 'results.json');
const results = await readResults(file);
if (results === undefined) {
  throw new Error(`${file}: expected the results of a run, found none. Run: npm run bench`);
}
process.stdout.write(values.all ? tablesOf(results) : summaryOf(results));
