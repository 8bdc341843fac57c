/**
 * A push to 25,000 users: all of them are told, page by page, and no instance ever holds many of them.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PushDocument } from '../../kit/src/outbox/push-document.ts';
import { waitUntil } from '../../scripts/stack/condition.ts';
import { App } from '../e2e/app.ts';
import { PushOutbox } from '../e2e/push-outbox.ts';

const USERS = 25_000;
/** What an instance may have by default, `MEMORY_MIB`. */
const MEMORY_MIB = 512;
/** A slow machine may take its time, as long as something happens. */
const TIMEOUT_MS = 1_800_000;
/** So long nothing happens only when nothing will: a cold function takes seconds, an emulator under load tens of them. */
const STALL_MS = 120_000;

const app = new App();
const outbox = new PushOutbox(app.db);
const prefix = `many-${process.pid}-`;

/** Without triggers, as if the users had always been there: each write would claim an address, 25,000 times. */
async function withoutTriggers(work: () => Promise<void>): Promise<void> {
  await hub('disableBackgroundTriggers');
  try {
    await work();
  } finally {
    await hub('enableBackgroundTriggers');
  }
}

async function hub(what: string): Promise<void> {
  const url = `http://${process.env['FIREBASE_EMULATOR_HUB']}/functions/${what}`;
  const response = await fetch(url, { method: 'PUT' });
  if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
}

function eachUser(write: (writer: ReturnType<typeof app.db.bulkWriter>, uid: string) => unknown) {
  return withoutTriggers(async () => {
    const writer = app.db.bulkWriter({ throttling: false });
    for (let nth = 0; nth < USERS; nth += 1) write(writer, `${prefix}${nth}`);
    await writer.close();
  });
}

beforeAll(
  () =>
    eachUser((writer, uid) =>
      writer.set(app.db.doc(`users/${uid}`), { tokens: [`${uid}:APA91b-x`] }),
    ),
  TIMEOUT_MS,
);
afterAll(async () => {
  await eachUser((writer, uid) => writer.delete(app.db.doc(`users/${uid}`)));
  await app.close();
}, TIMEOUT_MS);

const emulatorsLog = () => join(process.env['STACK_LOGS'] ?? '', 'emulators.log');

/** Waits until it is so, for as long as the functions log anything. */
async function unlessStalled(isSo: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    const { size } = await stat(emulatorsLog());
    const hasMoved = async () => (await isSo()) || (await stat(emulatorsLog())).size > size;
    if (!(await waitUntil(hasMoved, STALL_MS))) return false;
    if (await isSo()) return true;
  }
}

/** The memory of the functions whenever they finished a part of a delivery, in MiB. */
async function memoryWhile(delivery: string): Promise<number[]> {
  const log = await readFile(emulatorsLog(), 'utf8');
  return log
    .split('\n')
    .filter((line) => line.includes('delivery finished') && line.includes(`"${delivery}`))
    .map((line) => Number(/"memoryMiB":(\d+)/.exec(line)?.[1]));
}

it(
  `tells ${USERS} users, and the functions’ memory stays far below their limit`,
  async () => {
    const began = Date.now();
    const id = await outbox.write({ to: { everyone: true }, title: 'Hello all' });
    const push = app.db.doc(`pushes/${id}`);
    const isFinal = async () => (await push.get()).get('finishedAt') !== undefined;
    expect(await unlessStalled(isFinal)).toBe(true);
    const { state, counts, reasons } = (await push.get()).data() as PushDocument;
    const seconds = Math.round((Date.now() - began) / 1000);
    expect({ state, reasons }).toEqual({ state: 'sent', reasons: undefined });
    expect(counts?.delivered).toBeGreaterThanOrEqual(USERS);

    const memory = await memoryWhile(`push-${id}`);
    expect(memory.length).toBeGreaterThanOrEqual(USERS / 500);
    const most = Math.max(...memory);
    process.stdout.write(
      `${USERS} users in ${seconds} s, memory of the functions at most ${most} MiB\n`,
    );
    expect(most).toBeLessThan(MEMORY_MIB);
  },
  TIMEOUT_MS,
);
