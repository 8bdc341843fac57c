import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitUntil } from './condition.ts';
import { kill, recordedIds, runsWith, start } from './processes.ts';

let directory: string;
let log: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'processes-'));
  log = join(directory, 'log');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const options = (onLine?: (line: string) => void) => ({
  cwd: directory,
  env: process.env,
  log,
  ...(onLine && { onLine }),
});

test('writes both streams to the log and tells the lines', async () => {
  const lines: string[] = [];
  const child = await start(
    '/bin/sh',
    ['-c', 'echo out; echo err >&2'],
    options((line) => lines.push(line)),
  );
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(lines).toEqual(['out', 'err']);
  expect(await readFile(log, 'utf8')).toBe('out\nerr\n');
});

test('signals a process together with those it has started', async () => {
  const lines: string[] = [];
  const script = 'sleep 600 & echo $!; wait';
  const child = await start(
    '/bin/sh',
    ['-c', script],
    options((line) => lines.push(line)),
  );
  await waitUntil(() => lines.length === 1, 10_000);
  const grandchild = Number(lines[0]);
  expect(await runsWith(grandchild, 'sleep')).toBe(true);
  child.signal('SIGKILL');
  expect((await child.exited).signal).toBe('SIGKILL');
  expect(child.hasExited()).toBe(true);
  expect(await waitUntil(async () => !(await runsWith(grandchild, 'sleep')), 10_000)).toBe(true);
});

test('hands a line to the process, and does not mind when it is gone', async () => {
  const child = await start('/bin/sh', ['-c', 'read -r line; echo "got $line"'], options());
  child.tell('this');
  await child.exited;
  child.tell('that');
  child.signal('SIGTERM');
  expect(await readFile(log, 'utf8')).toBe('got this\n');
});

test('rejects when there is no such binary', async () => {
  await expect(start(join(directory, 'missing'), [], options())).rejects.toThrow('ENOENT');
});

test('kills nothing, without an error, when the process is gone already', async () => {
  const child = await start('/bin/sh', ['-c', 'exit 3'], options());
  expect((await child.exited).code).toBe(3);
  expect(() => {
    kill(child.pid, 'SIGTERM');
  }).not.toThrow();
});

test('reads the recorded ids, none of a file that is not there', async () => {
  const file = join(directory, 'ids');
  expect(await recordedIds(file)).toEqual([]);
  writeFileSync(file, '12\n345\n');
  expect(await recordedIds(file)).toEqual([12, 345]);
});
