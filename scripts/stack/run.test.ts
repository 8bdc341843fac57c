import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitUntil } from './condition.ts';
import { freePorts, isFree } from './ports.ts';
import { start } from './processes.ts';
import { createRun, tailOf } from './run.ts';
import type { Ports } from './ports.ts';
import type { Member, Run } from './run.ts';

/** Listens on the port it is given, and ends when it reads a line, if it is willing to. */
const SERVER = `
  const server = require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () =>
    console.log('listening'));
  if (process.argv[2] === 'willing') process.stdin.once('data', () => process.exit(0));
  process.on('SIGTERM', () => undefined);
`;

let directory: string;
let ports: Ports;
let run: Run;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'run-'));
  ports = await freePorts();
  run = createRun(ports, ['auth', 'hub']);
});
afterEach(async () => {
  await run.kill();
  rmSync(directory, { recursive: true });
});

async function serve(port: number, willing: boolean): Promise<Member> {
  const log = join(directory, `${port}.log`);
  const process_ = await start(
    process.execPath,
    ['-e', SERVER, String(port), willing ? 'willing' : 'stubborn'],
    { cwd: directory, env: process.env, log },
  );
  return {
    name: 'The server',
    process: process_,
    log,
    askToStop: () => {
      process_.tell('stop');
    },
    kill: () => {
      process_.signal('SIGKILL');
      return Promise.resolve();
    },
  };
}

const isUp = (port: number): Promise<boolean> =>
  waitUntil(async () => !(await isFree(port)), 20_000);

test('asks every member to stop, and leaves no port taken', async () => {
  await run.add(() => serve(ports.auth, true));
  await run.add(() => serve(ports.hub, true));
  expect(await isUp(ports.auth)).toBe(true);
  expect(await isUp(ports.hub)).toBe(true);
  await run.stop();
  expect(await isFree(ports.auth)).toBe(true);
  expect(await isFree(ports.hub)).toBe(true);
});

test('kills a member that does not end by itself', async () => {
  await run.add(() => serve(ports.auth, false));
  expect(await isUp(ports.auth)).toBe(true);
  await run.kill();
  expect(await isFree(ports.auth)).toBe(true);
});

test('tells which member died, how, and what it last printed', async () => {
  const member = await serve(ports.auth, false);
  await run.add(() => Promise.resolve(member));
  expect(await isUp(ports.auth)).toBe(true);
  member.process.signal('SIGKILL');
  const error = await run.failed;
  expect(error.code).toBe('part-died');
  expect(error.message).toMatch(
    /The server was killed by SIGKILL while it was needed[^]*listening/,
  );
});

test('ends a member that was only beginning when the run was ended', async () => {
  const begun = Promise.withResolvers<void>();
  const adding = run.add(async () => {
    await begun.promise;
    return serve(ports.auth, false);
  });
  const refused = expect(adding).rejects.toMatchObject({ code: 'interrupted' });
  const killed = run.kill();
  begun.resolve();
  await refused;
  await killed;
  expect(await isFree(ports.auth)).toBe(true);
});

test('begins no member once the run has ended', async () => {
  await run.kill();
  const begin = jest.fn<Promise<Member>, []>();
  await expect(run.add(begin)).rejects.toMatchObject({ code: 'interrupted' });
  expect(begin).not.toHaveBeenCalled();
});

test('keeps quiet about a death that it has caused itself', async () => {
  await run.add(() => serve(ports.auth, true));
  let told = false;
  void run.failed.then(() => (told = true));
  await run.stop();
  expect(told).toBe(false);
});

test('says so when a port stays taken by a stranger', async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(ports.hub, '127.0.0.1', resolve));
  const impatient = createRun(ports, ['hub'], 200);
  await expect(impatient.kill()).rejects.toMatchObject({ code: 'stop-failed' });
  await new Promise((resolve) => stranger.close(resolve));
});

test('says so when a log is gone', async () => {
  expect(await tailOf(join(directory, 'no-such.log'))).toMatch(/no-such\.log is gone/);
});
