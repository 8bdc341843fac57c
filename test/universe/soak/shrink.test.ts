import type { Plan } from './contract.ts';
import { shrink } from './shrink.ts';

interface Sample extends Plan {
  readonly setup: { readonly shardSize: number };
  readonly phones: readonly number[];
}

const SAMPLE: Sample = {
  seed: 1_234_567,
  setup: { shardSize: 500 },
  people: ['ola', 'leo', 'mia'],
  phones: [1, 2, 3, 4],
  actions: Array.from({ length: 20 }, (_, index) => ({ at: 1000.5 + index, index })),
  troubles: ['slow', 'crash', 'late'],
};

const has = (list: readonly unknown[], wanted: unknown): boolean => list.includes(wanted);
const hasAction = (plan: Plan, index: number): boolean =>
  (plan.actions as { index: number }[]).some((action) => action.index === index);

async function smallest(fails: (plan: Plan) => boolean): Promise<{ plan: Sample; tries: number }> {
  let tries = 0;
  const plan = await shrink(SAMPLE, {
    fails: (candidate) => {
      tries += 1;
      return Promise.resolve(fails(candidate));
    },
  });
  return { plan, tries };
}

describe('shrink', () => {
  it.each<[string, (plan: Plan) => boolean, Partial<Sample>]>([
    [
      'nothing is left where everything fails',
      () => true,
      { actions: [], troubles: [], people: [], phones: [] },
    ],
    [
      'one trouble is left where it is to blame',
      (plan) => has(plan.troubles, 'crash'),
      { actions: [], troubles: ['crash'], people: [] },
    ],
    [
      'of a list of another name what is to blame is left as well',
      (plan) => has((plan as Sample).phones, 3),
      { actions: [], troubles: [], people: [], phones: [3] },
    ],
    [
      'two actions that are far apart are left together, their times as simple as can be',
      (plan) => hasAction(plan, 2) && hasAction(plan, 17),
      {
        actions: [
          { at: 0, index: 2 },
          { at: 0, index: 17 },
        ],
      },
    ],
    [
      'a time is left that has to be so large',
      (plan) => (plan.actions as { at: number }[]).some(({ at }) => at > 1017),
      { actions: [{ at: 1020, index: 19 }], people: [] },
    ],
    [
      'people are left whom an action needs',
      (plan) => has(plan.people, 'leo') && hasAction(plan, 5),
      { people: ['leo'], actions: [{ at: 0, index: 5 }] },
    ],
  ])('%s', async (_what, fails, expected) => {
    expect((await smallest(fails)).plan).toMatchObject(expected);
  });

  it('the plan stays as it is where every part of it is to blame, and so do seed and setup', async () => {
    const all = (plan: Plan): boolean => JSON.stringify(plan) === JSON.stringify(SAMPLE);
    expect((await smallest(all)).plan).toEqual(SAMPLE);
    const { seed, setup } = (await smallest(() => true)).plan;
    expect({ seed, setup }).toEqual({ seed: SAMPLE.seed, setup: SAMPLE.setup });
  });

  it('it takes few tries to find one of many', async () => {
    expect((await smallest((plan) => hasAction(plan, 11))).tries).toBeLessThan(40);
  });

  it('the smallest plan so far is good enough once the time is over', async () => {
    let tries = 0;
    const plan = await shrink(SAMPLE, {
      fails: () => Promise.resolve(true),
      goesOn: () => (tries += 1) <= 1,
    });
    expect(plan).toEqual({ ...SAMPLE, troubles: [] });
  });
});
