/**
 * The README's "Add a notification", followed to the letter in a copy of this repository: what `npm test` does there, as far as the
 * steps can change it, passes, and the new notification arrives.
 */
import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyProject } from '../../../scripts/stack/copy.ts';
import { follow, stepsOf } from '../../../scripts/docs/steps.ts';

const run = promisify(execFile);
/** Whole builds, and a stack of its own, perhaps on a busy machine. */
jest.setTimeout(300_000);
const ROOT = join(__dirname, '../../..');
let copy: string;

beforeAll(async () => {
  copy = await copyProject(ROOT, 'readme');
  const steps = stepsOf(await readFile(join(ROOT, 'README.md'), 'utf8'));
  for (const step of steps) await follow(copy, step);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** @throws with what the command printed, when it fails. */
async function inCopy(command: string, args: readonly string[]): Promise<void> {
  const path = `${join(copy, 'node_modules/.bin')}:${process.env['PATH']}`;
  // What jest tells its own workers is not for a jest that is started here.
  const { NODE_ENV: _, JEST_WORKER_ID: __, ...env } = process.env;
  try {
    await run(command, args, { cwd: copy, env: { ...env, PATH: path } });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}:\n${stdout}\n${stderr}`, { cause: error });
  }
}

it.each([
  ['eslint', ['functions']],
  ['prettier', ['--check', 'functions']],
])('%s finds nothing wrong', inCopy);

it('is type-checked and built, and loads no more of zod than the rest does', async () => {
  await inCopy('npm', ['run', '--silent', 'build']);
  const [before, after] = await Promise.all(
    [ROOT, copy].map(async (root) => (await stat(join(root, 'functions/lib/index.js'))).size),
  );
  expect(await readFile(join(copy, 'functions/lib/index.js'), 'utf8')).toContain('notifyReply');
  expect(after).toBeLessThan((before as number) * 1.05);
});

it('passes the tests of the app’s page and of the rules, and the notification arrives', async () => {
  const jest = ['jest', '--selectProjects', 'functions', 'sample', 'readme-followed'];
  const files = ['functions/src', 'test/sample/rules', 'test/sample/readme'];
  await inCopy('node', ['scripts/stack.ts', '--free-ports', '--', ...jest, '--', ...files]);
});
