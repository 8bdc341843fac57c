/**
 * `npm run backfill` as an operator runs it, against the emulator. It runs the built functions.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { World } from './world.ts';

const root = join(__dirname, '../..');

async function backfill(...args: string[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(
    process.execPath,
    [join(root, 'scripts/backfill-devices.ts'), '--project', world.projectId, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [said, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[unknown]>,
  ]);
  return { code, said: said + errors };
}

let world: World;
beforeEach(async () => {
  world = await World.create();
  await world.seed({ ann: ['a:APA91b'], bea: ['b:APA91b'], cleo: ['c:APA91b'] });
});

describe('npm run backfill', () => {
  it('only counts in a dry run, and says so', async () => {
    const { code, said } = await backfill('--dry-run');
    expect(said).toContain('dry run, from the first user');
    expect(said).toContain('Done: 3 users, 3 addresses: 3 had no record, 0 recorded');
    expect(code).toBe(0);
    expect((await world.db.collection('devices').get()).size).toBe(0);
  });

  it('goes on where the last run was stopped, and begins anew after the end', async () => {
    await mkdir(join(root, '.cache'), { recursive: true });
    const checkpoint = join(root, '.cache', `backfill-${world.projectId}.txt`);
    await writeFile(checkpoint, 'ann');
    const first = await backfill();
    expect(first.said).toContain('after user ann');
    expect(first.said).toContain('Done: 2 users, 2 addresses: 2 had no record, 2 recorded');
    expect(existsSync(checkpoint)).toBe(false);
    const second = await backfill();
    expect(second.said).toContain('Done: 3 users, 3 addresses: 1 had no record, 1 recorded');
    await world.check();
  });

  it('says what is wrong with its options, and never an address', async () => {
    const { code, said } = await backfill('--max-addresses', 'many');
    expect(code).toBe(1);
    expect(said).toContain('Expected --max-addresses to be a whole number');
    expect((await backfill()).said).not.toContain('APA91b');
  });
});
