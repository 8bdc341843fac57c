/**
 * What runs in this stack: the kit, and the app of `test/app` where the sample was. The other tests here show that it works.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functionsSource } from '../functions-source.ts';

const run = promisify(execFile);

/** What a module exports by name, as its text has it. */
function exportsOf(file: string): string[] {
  const text = readFileSync(join(__dirname, '../..', file), 'utf8');
  return [...text.matchAll(/^export \{ (\w+) \} from/gm)].map(([, name]) => name as string).sort();
}

it('has the app’s notifications and no others, beside the kit’s functions', async () => {
  const script = "console.log(JSON.stringify(Object.keys(require('./lib/index.js'))))";
  const { stdout } = await run(process.execPath, ['--env-file=.env', '-e', script], {
    cwd: functionsSource(),
  });
  const deployed = JSON.parse(stdout) as string[];
  const notifications = deployed.filter((name) => name.startsWith('notify')).sort();
  expect(notifications).toEqual(exportsOf('test/app/notifications/index.ts'));
  expect(deployed).toEqual(expect.arrayContaining(['registerToken', 'deliveryTasks', 'sendPush']));
});
