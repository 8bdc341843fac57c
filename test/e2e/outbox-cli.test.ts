/**
 * `npm run push` against the running stack: what it prints, what it exits with, and what devices show.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { OutboxClient } from '../../scripts/push/outbox.ts';
import { App } from './app.ts';

const SCRIPT = join(__dirname, '../../scripts/push.ts');
const app = new App();
afterAll(() => app.close());

function push(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

it('sends, and follows a push to its end', async () => {
  const ola = await app.person('Ola');
  const { code, out } = await push('send', '--to', ola.uid, '--title', 'From a terminal', '--wait');
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining(`recipient ${ola.uid}: delivered`) as string,
  });
  expect(await app.shows(ola.device, 1)).toMatchObject([{ title: 'From a terminal' }]);
});

it('says by its exit code that a push failed, or reached only a part', async () => {
  const ola = await app.person('Ola');
  const dead = await app.device();
  await app.declare(dead.token, { state: 'unregistered' });
  const failed = await push('send', '--to', 'nobody', '--title', 'x', '--wait', '--json');
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out)).toMatchObject({ state: 'failed', reasons: { nobody: 'no-user' } });
  const partly = await push(
    'send',
    '--address',
    ola.device.token,
    '--address',
    dead.token,
    '--title',
    'x',
    '--wait',
  );
  expect(partly.code).toBe(3);
});

it('sends to a topic', async () => {
  const { code, out } = await push('topic', 'news', '--title', 'Snow', '--dry-run', '--wait');
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining('the topic: delivered') as string,
  });
});

it('schedules and cancels', async () => {
  const id = `cli-${process.pid}`;
  expect((await push('send', '--everyone', '--title', 'x', '--at', '+1d', '--id', id)).code).toBe(
    0,
  );
  expect(await push('cancel', id)).toMatchObject({
    code: 0,
    out: expect.stringContaining('cancelled') as string,
  });
  expect(await push('cancel', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('is cancelled') as string,
  });
  expect((await push('status', id)).out).toContain(`push ${id}: cancelled`);
  expect((await push('status', '--state', 'cancelled')).out).toMatch(
    new RegExp(`^${id} +cancelled +everyone`, 'm'),
  );
  expect(await push('send', '--everyone', '--id', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('already') as string,
  });
});

it('counts whom a push would reach, without reading them', async () => {
  const name = `counted-${process.pid}`;
  const writing = app.db.batch();
  for (const uid of ['a', 'b', 'c']) {
    writing.set(app.db.doc(`${name}/${uid}`), {});
    writing.set(app.db.doc(`users/${name}-${uid}`), { plan: { name: uid === 'c' ? 'x' : name } });
  }
  await writing.commit();
  const outbox = new OutboxClient(app.db);
  expect(await outbox.count({ members: name })).toBe(3);
  const users = { field: 'plan.name', op: '==', value: name };
  expect(await outbox.count({ users })).toBe(2);
  expect(await outbox.count({ everyone: true })).toBeGreaterThanOrEqual(3);
  expect(await outbox.count({ topic: 'news' })).toBeUndefined();
});

it('stops waiting when its time is over', async () => {
  const args = [
    '--everyone',
    '--title',
    'x',
    '--at',
    '+7d',
    '--wait',
    '--timeout',
    '1',
    '--id',
    `t-${process.pid}`,
  ];
  expect(await push('send', ...args)).toMatchObject({ code: 4 });
  await push('cancel', `t-${process.pid}`);
});

it('tells a wrong command line, and a push that is not there', async () => {
  expect(await push('send')).toMatchObject({
    code: 2,
    err: expect.stringContaining('got none') as string,
  });
  expect(await push('status', 'never')).toMatchObject({
    code: 1,
    err: 'There is no push never.\n',
  });
});
