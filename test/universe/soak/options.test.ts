import { readUniverseOptions, UsageError } from './options.ts';

it.each<[string, object]>([
  ['', { kind: 'soak', first: undefined, minutes: 1, worlds: undefined }],
  ['--minutes 2.5', { kind: 'soak', minutes: 2.5 }],
  ['--worlds 1_000 --seed 7', { kind: 'soak', first: 7, minutes: Infinity, worlds: 1000 }],
  ['--replay 7 --trace', { kind: 'replay', seed: 7, isTraced: true }],
  ['--replay 0', { kind: 'replay', seed: 0, isTraced: false }],
  ['--coverage', { kind: 'coverage', first: 1, worlds: undefined }],
  ['--mutants', { kind: 'mutants', names: [] }],
  ['--mutants breaker-off no-prune', { kind: 'mutants', names: ['breaker-off', 'no-prune'] }],
  ['--help', { kind: 'help' }],
])('"%s" is understood', (line, options) => {
  expect(readUniverseOptions(line === '' ? [] : line.split(' '))).toMatchObject(options);
});

it.each([
  '--minutes 0',
  '--minutes Infinity',
  '--worlds 1.5',
  '--seed x',
  '--replay 0x10',
  '--trace',
  '--nonsense',
  'breaker-off',
  '--replay 5 --mutants',
  '--replay 5 --coverage',
  '--replay 5 --minutes 1',
  '--mutants --minutes 1',
  '--coverage --minutes 1',
])('"%s" is refused', (line) => {
  expect(() => readUniverseOptions(line.split(' '))).toThrow(UsageError);
});

it('minutes and worlds together are refused', () => {
  expect(() => readUniverseOptions(['--minutes', '1', '--worlds', '1'])).toThrow(UsageError);
});
