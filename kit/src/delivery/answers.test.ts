import {
  hasTrouble,
  sumCodes,
  troubleCode,
  withAnswers,
  withCodes,
  withoutCodes,
  withRound,
  type Answer,
} from './answers';
import { NO_COUNTS } from '../model/counts';

const AT = 1_800_000_000_000;

function answer(device: string, more: Partial<Answer> = {}): Answer {
  return { uid: 'ola', device, kind: 'fcm', outcome: 'delivered', at: AT, ...more };
}

describe('the answers of a delivery', () => {
  it('are each the last that the device gave', () => {
    const first = [answer('a', { outcome: 'failed', code: 'X' }), answer('b')];
    const later = answer('a', { at: AT + 1, tries: 2 });
    expect(withAnswers(first, [later])).toEqual([answer('b'), later]);
  });

  it('keep the devices of two people apart', () => {
    const both = [answer('a'), answer('a', { uid: 'lia' })];
    expect(withAnswers([], both)).toEqual(both);
  });

  it('are as many as there is room for, and those that somebody may act upon before the others', () => {
    const many = Array.from({ length: 5_000 }, (_, nth) => answer(`d${nth}`));
    const failed = answer('bad', { outcome: 'rejected', code: 'INVALID_ARGUMENT' });
    const kept = withAnswers(many, [failed]);
    expect(kept).toContainEqual(failed);
    expect(kept.length).toBeGreaterThan(500);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(100_000);
  });
});

describe('the answers of devices that failed', () => {
  const failed = (count: number) =>
    Array.from({ length: count }, (_, nth) =>
      answer(`${nth}`.padStart(16, '0'), {
        ...{ uid: 'k3J9fQ2mX7pL0aB4cD8e12345678', outcome: 'failed' },
        code: 'THIRD_PARTY_AUTH_ERROR',
      }),
    );

  it('are all kept of four devices for each of five hundred people: those can be sent to again', () => {
    expect(withAnswers([answer('fine')], failed(2_000))).toHaveLength(2_000);
  });

  it('are fewer where many others wait, and what waits may come later', () => {
    const few = withAnswers(failed(2_000), [], 500_000);
    expect(few.length).toBeGreaterThan(500);
    expect(Buffer.byteLength(JSON.stringify(few))).toBeLessThan(120_000);
  });
});

describe('trouble', () => {
  it.each<[Partial<Answer>, string | undefined]>([
    [{ outcome: 'delivered' }, undefined],
    [{ outcome: 'gone' }, undefined],
    [{ outcome: 'unregistered', code: 'UNREGISTERED', prune: 'pruned' }, undefined],
    [{ outcome: 'unregistered', code: 'UNREGISTERED', prune: 're-registered' }, undefined],
    [{ outcome: 'unregistered', code: 'UNREGISTERED', prune: 'dry-run' }, undefined],
    [{ outcome: 'unregistered', code: 'UNREGISTERED', prune: 'breaker' }, 'KEPT_BREAKER'],
    [{ outcome: 'unregistered', code: 'UNREGISTERED', prune: 'error' }, 'KEPT_ERROR'],
    [{ outcome: 'expired', code: 'UNAVAILABLE' }, 'EXPIRED'],
    [{ outcome: 'failed', code: 'PERMISSION_DENIED' }, 'PERMISSION_DENIED'],
    [{ outcome: 'rejected', code: 'INVALID_ARGUMENT' }, 'INVALID_ARGUMENT'],
  ])('of %j is counted as %s', (more, code) => {
    expect(troubleCode(answer('a', more))).toBe(code);
  });

  it('is in a delivery whose counts tell of it, even where no answer could be kept', () => {
    expect(hasTrouble(NO_COUNTS, {})).toBe(false);
    expect(hasTrouble({ ...NO_COUNTS, unregistered: 3, unreachable: 1 }, {})).toBe(false);
    expect(hasTrouble({ ...NO_COUNTS, failed: 1 }, {})).toBe(true);
    expect(hasTrouble(NO_COUNTS, { KEPT_BREAKER: 21 })).toBe(true);
  });

  it('of many codes is counted one by one for the first, and together for the rest', () => {
    const codes = Array.from({ length: 100 }, (_, nth) => ({ [`C${nth}`]: 1 }));
    const sum = sumCodes([...codes, { C0: 2 }, undefined]);
    expect(sum).toMatchObject({ C0: 3, C29: 1, OTHER: 70 });
    expect(Object.keys(sum)).toHaveLength(31);
  });

  it('that counts no more is taken from where it was counted, and nothing of it is left', () => {
    const known = Object.fromEntries(Array.from({ length: 30 }, (_, nth) => [`C${nth}`, 1]));
    const failed = ['C0', 'C0', 'LATE', 'LATER'].map((code, nth) =>
      answer(`d${nth}`, { outcome: 'failed', code }),
    );
    const counted = withCodes(known, failed);
    expect(counted).toMatchObject({ C0: 3, OTHER: 2 });
    expect(withoutCodes(counted, failed)).toEqual(known);
    expect(withoutCodes({ C0: 1 }, [...failed.slice(0, 1), answer('told')])).toEqual({});
  });
});

it('the rounds of a delivery are the last twenty', () => {
  let rounds: ReturnType<typeof withRound> = [];
  for (let at = 0; at < 30; at += 1) rounds = withRound(rounds, { at, waiting: 1, dueAt: at + 1 });
  expect(rounds.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, nth) => nth + 10));
});
