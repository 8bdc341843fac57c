import { compare } from './compare.ts';
import { described, openRealSdk } from './emulator.ts';
import { historyOf } from './histories.ts';

const HISTORIES = 400;
const PARALLEL = 40;

describe('what comes of a history', () => {
  const { sdk, open, close } = openRealSdk();
  afterAll(close);

  it(`is the same in memory and on the emulator, for each of ${HISTORIES}`, async () => {
    const db = open(`equality-test-${process.pid}`);
    const found: string[] = [];
    let next = 1;
    const lane = async (): Promise<void> => {
      while (next <= HISTORIES) {
        const seed = next;
        next += 1;
        const { difference, known } = await compare(historyOf(seed), sdk, db, `h${seed}x`);
        if (difference !== undefined && known === undefined) {
          found.push(`seed ${seed}: ${described(difference)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, lane));
    expect(found).toEqual([]);
  });

  it('is the same each time a seed is taken', () => {
    expect(historyOf(7)).toEqual(historyOf(7));
    expect(historyOf(7)).not.toEqual(historyOf(8));
  });
});
