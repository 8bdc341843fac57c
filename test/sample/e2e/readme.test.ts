/**
 * The README's "Add a notification", followed word by word in a copy of functions/: it builds, loads no more of zod than the rest
 * does, and tells whoever it says.
 */
import { execFile } from 'node:child_process';
import { appendFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readmeExample, ROOT } from '../readme-example.ts';
import { copyProject } from '../../../scripts/stack/app.ts';
import { App } from '../../e2e/app.ts';

const run = promisify(execFile);
const app = new App();
let copy: string;

beforeAll(async () => {
  copy = await copyProject(ROOT);
  const { file, code, line } = readmeExample();
  const notifications = join(copy, 'functions/src/notifications');
  await writeFile(join(notifications, file), code);
  await appendFile(join(notifications, 'index.ts'), line);
});
afterAll(async () => {
  await rm(copy, { recursive: true, force: true });
  await app.close();
});

/** Hands an event to a function of the copy, as the platform does, in a process of its own. */
async function tell(name: string, event: object): Promise<void> {
  const script = `require('./lib/index.js')[${JSON.stringify(name)}](${JSON.stringify(event)})
    .then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });`;
  const functions = join(copy, 'functions');
  await run(process.execPath, ['--env-file=.env', '-e', script], {
    cwd: functions,
    env: { ...process.env, FUNCTIONS_EMULATOR: 'true' },
  });
}

/** It builds the functions, which takes tens of seconds on a busy machine. */
const TIMEOUT_MS = 180_000;

test(
  'the example of a reply builds, and tells the author of the comment',
  async () => {
    await run('npm', ['run', '--silent', 'build'], { cwd: join(copy, 'functions') });
    const [before, after] = await Promise.all(
      [ROOT, copy].map(async (root) => (await stat(join(root, 'functions/lib/index.js'))).size),
    );
    expect(after).toBeLessThan((before as number) * 1.05);

    const [ola, lia] = [await app.person('Ola'), await app.person('Lia')];
    const comment = app.db.doc('posts/Électre/comments/a%20b');
    await comment.set({ authorId: ola.uid, text: 'Snow!' });
    const reply = `${comment.path}/replies/r1`;
    const now = new Date().toISOString();
    const name = `projects/${process.env['GCLOUD_PROJECT']}/databases/(default)/documents/${reply}`;
    await tell('notifyReply', {
      ...{ id: 'reply-event', time: now, specversion: '1.0', datacontenttype: 'application/json' },
      type: 'google.cloud.firestore.document.v1.created',
      ...{ project: process.env['GCLOUD_PROJECT'], database: '(default)' },
      // As Node reads the header that it comes in.
      document: Buffer.from(reply).toString('latin1'),
      data: {
        value: {
          ...{ name, createTime: now, updateTime: now },
          fields: { authorId: { stringValue: lia.uid }, text: { stringValue: 'Where?' } },
        },
      },
    });
    expect(await app.shows(ola.device, 1)).toMatchObject([
      {
        title: 'Lia replied to you',
        body: 'Where?',
        data: { type: 'reply', postId: 'Électre', commentId: 'a%20b', link: '/posts/%C3%89lectre' },
      },
    ]);
  },
  TIMEOUT_MS,
);
