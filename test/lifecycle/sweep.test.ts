/**
 * The sweep of stale devices against real queries: bounded pages, resumed where it stopped, and a dry run.
 */
import { sweepStale, type StaleSweepOptions } from '../../kit/src/devices/sweep-stale.ts';
import { fingerprint } from '../../kit/src/model/address.ts';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await world.deliver();
  await world.check();
});

const failures: string[] = [];
const announced: string[] = [];

function sweep(options: Partial<StaleSweepOptions> = {}, now: () => number = () => world.now()) {
  return world.noting(() =>
    sweepStale(
      {
        rules: [
          { refreshedBy: 'call', days: 30 },
          { refreshedBy: 'array', days: 270 },
        ],
        isDryRun: false,
        pageSize: 2,
        until: Infinity,
        ...options,
      },
      {
        devices: world.devices,
        now,
        log: {
          sweepFailed: (uid, error) => failures.push(`${uid}: ${String(error)}`),
          wouldDrop: (uid, devices) => announced.push(`${uid}: ${devices.join(' ')}`),
        },
      },
    ),
  );
}

async function staleDevices(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await world.registers(`user-${index % 3}`, `${index}:APA91b`);
    await world.age(`${index}:APA91b`, 31 + index);
  }
}

describe('the sweep', () => {
  it('drops what was not refreshed for long, page by page, and nothing else', async () => {
    await staleDevices(5);
    await world.registers('user-0', 'fresh:APA91b');
    expect(await sweep()).toEqual({
      stale: 5,
      dropped: 5,
      kept: 0,
      failed: 0,
      pages: 4,
      isComplete: true,
    });
    expect(await world.tokensOf('user-0')).toEqual(['fresh:APA91b']);
    expect(await world.tokensOf('user-1')).toEqual([]);
  });

  it('only says in a dry run which devices of whom would go, all pages of it', async () => {
    await staleDevices(5);
    announced.length = 0;
    expect(await sweep({ isDryRun: true })).toMatchObject({ stale: 5, dropped: 0, pages: 4 });
    const said = announced.flatMap((line) => line.split(' ').slice(1));
    expect(said.sort()).toEqual([0, 1, 2, 3, 4].map((nth) => fingerprint(`${nth}:APA91b`)).sort());
    expect(announced.filter((line) => line.startsWith('user-1: ')).length).toBeGreaterThan(0);
    expect(await world.tokensOf('user-1')).toEqual(['1:APA91b', '4:APA91b']);
  });

  it('stops when its time is over, and the next one goes on there', async () => {
    await staleDevices(5);
    const began = world.now();
    let reads = 0;
    // Time passes with each look at the clock: enough for two pages.
    const clock = () => began + (reads++ < 3 ? 0 : 1000);
    const first = await sweep({ until: began + 1000 }, clock);
    expect(first).toMatchObject({ dropped: 4, pages: 2, isComplete: false });
    expect(await sweep()).toMatchObject({ dropped: 1, isComplete: true });
  });

  it('goes on through many devices of the very same age', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await world.registers('ola', `${name}:APA91b`);
    world.ahead = 40 * 86_400_000;
    const same = (await world.recordOf('a:APA91b'))?.refreshedAt;
    const devices = await world.db.collection('devices').get();
    for (const device of devices.docs) await device.ref.update({ refreshedAt: same });
    expect(await sweep({ isDryRun: true })).toMatchObject({ stale: 5 });
    expect(await sweep()).toMatchObject({ dropped: 5 });
  });

  it('spares devices of apps that write the array themselves, until much later', async () => {
    await world.adds('ola', 'phone:APA91b');
    await world.deliver();
    await world.age('phone:APA91b', 100);
    expect(await sweep()).toMatchObject({ stale: 0 });
    await world.age('phone:APA91b', 271);
    expect(await sweep({ rules: [{ refreshedBy: 'array', days: 0 }] })).toMatchObject({
      stale: 0,
      pages: 0,
    });
    expect(await sweep()).toMatchObject({ dropped: 1 });
  });

  it('keeps a device that is refreshed after its page was read', async () => {
    await staleDevices(1);
    const { stale } = world.devices;
    jest.spyOn(world.devices, 'stale').mockImplementation(async (...args) => {
      const page = await stale.apply(world.devices, args);
      await world.registers('user-0', '0:APA91b');
      return page;
    });
    expect(await sweep()).toMatchObject({ stale: 1, dropped: 0, kept: 1 });
    expect(await world.tokensOf('user-0')).toEqual(['0:APA91b']);
  });

  it('goes on when one user cannot be written, and says whose', async () => {
    await staleDevices(3);
    const { dropStale } = world.devices;
    jest.spyOn(world.devices, 'dropStale').mockImplementation(async (uid, ...args) => {
      if (uid === 'user-1') throw new Error('contention');
      return dropStale.call(world.devices, uid, ...args);
    });
    expect(await sweep()).toMatchObject({ stale: 3, dropped: 2, failed: 1, isComplete: true });
    expect(failures).toEqual(['user-1: Error: contention']);
    jest.restoreAllMocks();
  });
});
