import { readBenchOptions, SECTIONS } from './options.ts';

it('measures everything when nothing is said', () => {
  expect(readBenchOptions([])).toEqual({ quick: false, sections: SECTIONS, help: false });
});

it('measures only what is asked for, in the order of the tables', () => {
  const { sections } = readBenchOptions(['--quick', '--only', 'cold-start,latency']);
  expect(sections).toEqual(['latency', 'cold-start']);
});

it('names a section that there is not', () => {
  expect(() => readBenchOptions(['--only', 'latency,speed'])).toThrow('got speed');
});

it('refuses options that there are not', () => {
  expect(() => readBenchOptions(['--fast'])).toThrow('--fast');
});
