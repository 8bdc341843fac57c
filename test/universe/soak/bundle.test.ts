import { createRequire } from 'node:module';
import type * as Clock from './testing/clock-world.ts';
import { bundle } from './bundle.ts';
import { loadWorld } from './contract.ts';
import { CLOCK_WORLD, FAKE_WORLD, REAL_TIME_WORLD } from './testing/fake.ts';

const BREAKER = {
  file: 'delivery/breaker.ts',
  from: 'BREAKER_MIN_ADDRESSES = 20',
  to: 'BREAKER_MIN_ADDRESSES = 2',
};

it('a replacement changes what the world runs', async () => {
  const [plain, changed] = await Promise.all([
    bundle({ entry: FAKE_WORLD }),
    bundle({ entry: FAKE_WORLD, replacements: [BREAKER] }),
  ]);
  const reports = [plain, changed].map((path) => {
    const world = loadWorld(path);
    return world.runWorld(world.planOf(1));
  });
  const [sound, broken] = await Promise.all(reports);
  expect(sound?.violation).toBeUndefined();
  expect(broken?.violation).toBeDefined();
});

it.each([
  ['is not found', { ...BREAKER, from: 'BREAKER_MIN = 20' }, 'found 0 times'],
  ['is found twice', { ...BREAKER, from: 'BREAKER_MIN_ADDRESSES' }, 'found 2 times'],
  ['is for a file that is not part of it', { ...BREAKER, file: 'delivery/doubt.ts' }, 'Not part'],
])('a replacement fails the bundle that %s', async (_what, replacement, words) => {
  await expect(bundle({ entry: FAKE_WORLD, replacements: [replacement] })).rejects.toThrow(words);
});

it('a kit module that measures real time fails the bundle', async () => {
  await expect(bundle({ entry: REAL_TIME_WORLD })).rejects.toThrow('time or chance');
});

describe('in a bundle', () => {
  let clock: typeof Clock;
  const waits: number[] = [];
  beforeAll(async () => {
    const path = await bundle({ entry: CLOCK_WORLD });
    clock = createRequire(path)(path) as typeof Clock;
    clock.setGlobals({
      now: () => 1_000_000,
      random: () => 0.25,
      after: (ms, run) => {
        waits.push(ms);
        queueMicrotask(run);
        return { cancel: () => undefined };
      },
    });
  });

  it('the kit’s clock is the world’s', () => {
    expect(clock.endOfSweep()).toBeGreaterThan(1_000_000);
    expect(clock.endOfSweep()).toBeLessThan(2_000_000);
  });

  it('the kit’s timers are the world’s', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    await expect(clock.within(4_321, never, 'too late')).rejects.toThrow('too late');
    expect(waits).toContain(4_321);
  });

  it('the kit’s waits and chance are the world’s', async () => {
    let isClosed = true;
    const db = {
      runTransaction: () => {
        if (!isClosed) return Promise.resolve('through');
        isClosed = false;
        const error = { code: 3, message: 'Transaction is invalid or closed' };
        return Promise.reject(Object.assign(new Error(error.message), error));
      },
    };
    const body = (): Promise<string> => Promise.resolve('');
    expect(await clock.transact(db as never, body)).toBe('through');
    expect(waits).toContain(0.25 * 50);
  });

  it('whoever asks for the time outside of a world is told so', () => {
    clock.setGlobals(undefined);
    expect(() => clock.endOfSweep()).toThrow('outside of a world');
  });
});
