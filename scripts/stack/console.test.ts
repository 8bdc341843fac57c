import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startConsole } from './console.ts';
import { DEFAULT_PORTS } from './ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'stack-console-'));
const ending = new AbortController();
afterAll(() => {
  ending.abort();
  rmSync(folder, { recursive: true });
});

/** Starts what stands in the command line's place. */
function start(code: string) {
  const command = join(folder, 'main.cjs');
  writeFileSync(command, code);
  return startConsole({
    ...{ root: folder, command, signal: ending.signal },
    stack: { ports: DEFAULT_PORTS, env: { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' } },
  });
}

test('says where it is, as soon as it is there', async () => {
  const code = `
    process.stdout.write('Console  http://127.0.0.1:4100/\\nCtrl-C ends it.\\n');
    setInterval(() => undefined, 1000);`;
  expect(await start(code)).toEqual({ url: 'http://127.0.0.1:4100/' });
});

test('is told the port, the project and the emulator', async () => {
  const code = `process.stderr.write(
    [...process.argv.slice(2), process.env.FIRESTORE_EMULATOR_HOST].join(' '),
  );`;
  expect(await start(code)).toEqual({
    problem: 'console --port 4100 --project demo-firestore-push 127.0.0.1:8080',
  });
});

test.each([
  ['what it said', `process.stderr.write('Port 4100 is taken.')`, /^Port 4100 is taken\.$/],
  ['what was thrown', `throw new Error('broken')`, /broken/],
  ['that it said nothing', '', /^It ended without a word\.$/],
])('where it ends instead, says %s', async (_what, code, problem) => {
  expect(await start(code)).toEqual({ problem: expect.stringMatching(problem) as string });
});
