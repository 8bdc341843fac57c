import * as fc from 'fast-check';
import { InvalidInputError } from './notification';
import { cutToStore } from './stored-content';

describe('what the ledger keeps of a notification', () => {
  it('is all of one that could be sent', () => {
    const fits = {
      title: { key: 'like.title', args: { name: 'Ola', count: 3 } },
      body: { locKey: 'BODY', locArgs: ['a'], fallback: 'x' },
      data: { a: '1' },
    };
    expect(cutToStore({ to: 'ola', ...fits })).toEqual(fits);
  });

  it('is small whatever the app wrote', () => {
    const long = fc.integer({ min: 0, max: 200_000 }).map((size) => '😀x'.repeat(size));
    const text = fc.oneof(
      long,
      fc.record({ key: fc.constant('k'), args: fc.record({ name: long, n: fc.integer() }) }),
      fc.record({ locKey: fc.constant('K'), locArgs: fc.tuple(long, long), fallback: long }),
    );
    fc.assert(
      fc.property(text, text, long, (title, body, value) => {
        const data = { small: '1', huge: value, alsoHuge: value };
        const kept = cutToStore({ to: 'ola', title, body, data, requiredData: ['small'] });
        const json = JSON.stringify(kept);
        expect(Buffer.byteLength(json)).toBeLessThan(400_000);
        expect(json).not.toContain('\\ud');
        expect(kept.data).toMatchObject({ small: '1' });
      }),
      { numRuns: 30 },
    );
  });

  it('cannot be what must arrive and never fits', () => {
    const act = () =>
      cutToStore({ to: 'ola', data: { a: 'x'.repeat(70_000) }, requiredData: ['a'] });
    expect(act).toThrow(InvalidInputError);
    expect(act).toThrow('4096 bytes');
  });
});
