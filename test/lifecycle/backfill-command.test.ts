/**
 * `npx @firestore-push/push backfill` as an operator runs it, against the emulator. It runs the built package.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { World } from './world.ts';

const root = join(__dirname, '../..');

async function backfill(...args: string[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(
    process.execPath,
    [join(root, 'kit/lib/cli/main.js'), 'backfill', '--project', world.projectId, ...args],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [said, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[unknown]>,
  ]);
  return { code, said: said + errors };
}

let world: World;
let folder: string;
beforeEach(async () => {
  world = await World.create();
  await world.seed({ ann: ['a:APA91b'], bea: ['b:APA91b'], cleo: ['c:APA91b'] });
  folder = await mkdtemp(join(tmpdir(), 'backfill-'));
  const functions = { kit: 'push', source: 'source', instances: { push: 'config' } };
  const config = { functions: [{ ...functions, sourcePackage: { name: '@firestore-push/push' } }] };
  await writeFile(join(folder, 'firebase.json'), JSON.stringify(config));
  await mkdir(join(folder, 'source'));
  await writeFile(join(folder, 'source/package.json'), '{ "main": "index.js" }');
  await writeFile(join(folder, 'source/index.js'), 'exports.notifyLike = () => undefined;');
});

/** What `importDevices` leaves in the code of a team that keeps a document for each token. */
const IMPORTING = `
const importTokens = Object.assign(() => undefined, {
  imports: { document: 'people/{uid}/fcmTokens/{token}', addresses: ({ ids }) => [ids.token] },
});
// As a team does whose instances have the source in common.
const isPush = process.env.FIREBASE_KIT_INSTANCE_ID === 'push';
Object.assign(exports, isPush ? { imports: { importTokens } } : {});`;
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('npx @firestore-push/push backfill', () => {
  it('only counts, and says so, unless it is to be applied', async () => {
    const { code, said } = await backfill();
    expect(said).toContain('dry run, from the first user');
    expect(said).toContain('Done: 3 users, 3 addresses: 3 had no record, 0 recorded');
    expect(said).toContain('run it again with --apply');
    expect(code).toBe(0);
    expect((await world.db.collection('devices').get()).size).toBe(0);
  });

  it('goes on after a user, and leaves nothing in the project that a run on the real one would take up', async () => {
    const first = await backfill('--apply', '--after', 'ann');
    expect(first.said).toContain('after user ann');
    expect(first.said).toContain('Done: 2 users, 2 addresses: 2 had no record, 2 recorded');
    expect(existsSync(join(folder, '.firebase'))).toBe(false);
    const second = await backfill('--apply');
    expect(second.said).toContain('Done: 3 users, 3 addresses: 1 had no record, 1 recorded');
    await world.check();
  });

  it('works on the collections that the installation names', async () => {
    await mkdir(join(folder, 'config'));
    const settings = 'USERS_COLLECTION=people\nTOKENS_FIELD=fcm\nDEVICES_COLLECTION=phones\n';
    await writeFile(join(folder, 'config', `.env.${world.projectId}`), settings);
    await world.db.doc('people/dora').set({ fcm: ['d:APA91b'] });
    const { said } = await backfill('--apply');
    expect(said).toContain('Done: 1 users, 1 addresses: 1 had no record, 1 recorded');
    const [record] = (await world.db.collection('phones').get()).docs;
    expect(record?.get('uid')).toBe('dora');
    expect((await world.db.collection('devices').get()).size).toBe(0);
  });

  it('brings in what importDevices is about, and leaves it where it is', async () => {
    await writeFile(join(folder, 'source/index.js'), IMPORTING);
    await world.db.doc('people/dora/fcmTokens/d:APA91b').set({ at: 1 });
    const counted = await backfill();
    // Once, whatever else a loader makes of a module's exports.
    expect(counted.said.match(/importTokens: .*/g)).toEqual([
      expect.stringContaining('1 documents, 1 addresses: 1 had no record, 0 imported') as string,
    ]);
    expect(await world.tokensOf('dora')).toBeUndefined();
    const { said, code } = await backfill('--apply');
    expect(said).toContain('1 had no record, 1 imported');
    expect(said).not.toContain('APA91b');
    expect(code).toBe(0);
    expect(await world.tokensOf('dora')).toEqual(['d:APA91b']);
    expect((await world.db.doc('people/dora/fcmTokens/d:APA91b').get()).exists).toBe(true);
    await world.check();
  });

  it('says that the code is to be built where it cannot be loaded', async () => {
    await rm(join(folder, 'source/index.js'));
    const { code, said } = await backfill();
    expect(code).toBe(2);
    expect(said).toMatch(/Build them with: npm --prefix .*source run build/);
  });

  it('says what is wrong with its options, and never an address', async () => {
    const { code, said } = await backfill('--max-addresses', 'many');
    expect(code).toBe(2);
    expect(said).toContain("Unknown option '--max-addresses'");
    expect((await backfill()).said).not.toContain('APA91b');
  });
});
