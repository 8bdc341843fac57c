import { once } from './once';

it('makes nothing before it is asked for, and then the same for everybody', () => {
  let times = 0;
  const thing = once(() => {
    times += 1;
    return undefined;
  });
  expect(times).toBe(0);
  expect([thing(), thing()]).toEqual([undefined, undefined]);
  expect(times).toBe(1);
});

it('tries again where making it failed', () => {
  let times = 0;
  const thing = once(() => {
    times += 1;
    if (times === 1) throw new Error('not yet');
    return 'made';
  });
  expect(thing).toThrow('not yet');
  expect(thing()).toBe('made');
});
