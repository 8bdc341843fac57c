import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KIT } from '../soak/bundle.ts';
import { replaced } from '../soak/replacement.ts';
import { SCALED } from '../soak/scaled.ts';
import { MUTANTS } from './all.ts';
import { AREAS, changesOf } from './mutant.ts';

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  '%s applies to today’s sources, with the sizes made small as well',
  async (_name, mutant) => {
    for (const [file, changes] of Map.groupBy(changesOf(mutant), (change) => change.file)) {
      const source = await readFile(join(KIT, file), 'utf8');
      const scaled = SCALED.filter((each) => each.file === file);
      expect(replaced(source, [...changes, ...scaled])).not.toBe(replaced(source, scaled));
    }
  },
);

it('every size is made small in today’s sources', async () => {
  for (const each of SCALED) {
    const source = await readFile(join(KIT, each.file), 'utf8');
    expect(replaced(source, [each])).not.toBe(source);
  }
});

it('each has a name of its own', () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it('there are faults of every promise', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MUTANTS.map(({ area }) => area))).toEqual(new Set(AREAS));
});
