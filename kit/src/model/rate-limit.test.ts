import { RateLimit } from './rate-limit';

function scene(perMinute: number, maxUsers = 100) {
  const clock = { now: 1_000_000 };
  const limit = new RateLimit({ perMinute, maxUsers, now: () => clock.now });
  return { clock, limit };
}

describe('RateLimit', () => {
  it('lets a burst of a minute pass, then says how long to wait', () => {
    const { limit } = scene(3);
    expect([1, 2, 3].map(() => limit.take('ola'))).toEqual([0, 0, 0]);
    expect(limit.take('ola')).toBe(20_000);
  });

  it('lets the next call pass after just that wait, and no sooner', () => {
    const { clock, limit } = scene(3);
    for (let call = 0; call < 3; call += 1) limit.take('ola');
    const wait = limit.take('ola');
    clock.now += wait - 1;
    expect(limit.take('ola')).toBe(1);
    clock.now += 1;
    expect(limit.take('ola')).toBe(0);
  });

  it('never saves up more than a minute', () => {
    const { clock, limit } = scene(2);
    limit.take('ola');
    clock.now += 3_600_000;
    expect([1, 2, 3].map(() => limit.take('ola') === 0)).toEqual([true, true, false]);
  });

  it('counts each user alone', () => {
    const { limit } = scene(1);
    limit.take('ola');
    expect(limit.take('ola')).toBeGreaterThan(0);
    expect(limit.take('lia')).toBe(0);
  });

  it('remembers a bounded number of users, and forgets who called longest ago', () => {
    const { limit } = scene(1, 2);
    for (const uid of ['ola', 'lia', 'bo']) limit.take(uid);
    expect(limit.take('lia')).toBeGreaterThan(0);
    expect(limit.take('ola')).toBe(0);
  });
});
