import fc from 'fast-check';
import { betterReason, joinReasons, mergeReasons } from './reasons';

describe('mergeReasons', () => {
  const merged = (known: Record<string, string>, fresh: Record<string, string>) =>
    mergeReasons(known, new Map(Object.entries(fresh)));

  it.each([
    ['replaces a retry by how it ended', 'retrying:UNAVAILABLE', 'pruned', 'pruned'],
    ['does not let a later address take back a delivery', 'delivered', 'pruned', 'delivered'],
    ['keeps a failure beside a delivery', 'delivered', 'failed:X', 'delivered + failed:X'],
    ['and the other way round', 'failed:X', 'delivered', 'delivered + failed:X'],
    ['ends a retry beside a delivery', 'delivered + retrying:X', 'delivered', 'delivered'],
    ['says how that retry failed', 'delivered + retrying:X', 'failed:X', 'delivered + failed:X'],
    ['keeps the worst of three', 'delivered + rejected:R', 'failed:X', 'delivered + failed:X'],
    [
      'keeps a failure while another is tried again',
      'failed:X',
      'retrying:Y',
      'retrying:Y + failed:X',
    ],
    ['says nothing of dead devices beside a live one', 'pruned', 'delivered', 'delivered'],
    ['says the same once', 'delivered', 'delivered', 'delivered'],
  ])('%s', (_what, known, fresh, expected) => {
    expect(merged({ ola: known }, { ola: fresh })).toEqual({ ola: expected });
  });

  it('keeps the others as they were', () => {
    expect(merged({ bo: 'no-address' }, { ola: 'delivered' })).toEqual({
      bo: 'no-address',
      ola: 'delivered',
    });
  });

  it('knows nothing of any id but what was recorded of it', () => {
    const ids = fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype), 'then', 'toJSON');
    fc.assert(
      fc.property(ids, (id) => {
        const result = mergeReasons({}, new Map([[id, 'delivered']]));
        expect(Object.entries(result)).toEqual([[id, 'delivered']]);
      }),
    );
  });
});

describe('joinReasons', () => {
  it('never loses a delivery, and never lets a detail be taken for a second reason', () => {
    const reasons = fc.constantFrom(
      'delivered',
      'failed:A (one + two)',
      'rejected:B (x; y + z)',
      'retrying:C',
      'pruned',
      'address-removed',
    );
    fc.assert(
      fc.property(fc.array(reasons, { minLength: 1 }), (all) => {
        const joined = all.reduce<string | undefined>(joinReasons, undefined) as string;
        expect(joined.startsWith('delivered')).toBe(all.includes('delivered'));
        const best = all.reduce<string | undefined>(betterReason, undefined) as string;
        expect(joined.startsWith(best)).toBe(true);
      }),
    );
  });
});

describe('betterReason', () => {
  it('prefers what says more of whether the person was told', () => {
    const worstFirst = [
      'address-removed',
      'pruned',
      'kept:breaker',
      'expired',
      'rejected:X',
      'failed:X',
      'retrying:X',
      'delivered',
    ];
    worstFirst.forEach((worse, index) => {
      for (const better of worstFirst.slice(index + 1)) {
        expect(betterReason(worse, better)).toBe(better);
        expect(betterReason(better, worse)).toBe(better);
      }
    });
  });
});
