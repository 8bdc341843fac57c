import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitUntil } from './condition.ts';
import { followLines } from './follow.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'follow-'));
  file = join(directory, 'log');
  writeFileSync(file, '');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('tells each line once as the file grows, and waits for the end of a line', async () => {
  const lines: string[] = [];
  const stop = followLines(file, (line) => lines.push(line));
  appendFileSync(file, 'one\ntw');
  await waitUntil(() => lines.length === 1, 10_000);
  appendFileSync(file, 'o\nthree\n');
  await waitUntil(() => lines.length === 3, 10_000);
  stop();
  expect(lines).toEqual(['one', 'two', 'three']);
});

test('reads what is left when it is stopped, and keeps a character that came in two pieces whole', () => {
  const lines: string[] = [];
  const stop = followLines(file, (line) => lines.push(line));
  const text = Buffer.from('Grüße\n');
  appendFileSync(file, text.subarray(0, 3));
  appendFileSync(file, text.subarray(3));
  stop();
  expect(lines).toEqual(['Grüße']);
});
