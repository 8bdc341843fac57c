import { Deadlines } from './deadlines';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick'] });
});

afterEach(() => {
  jest.useRealTimers();
});

it('ends each in its time, in their order', () => {
  const deadlines = new Deadlines(1000);
  const over: string[] = [];
  deadlines.add(() => over.push('a'));
  jest.advanceTimersByTime(400);
  deadlines.add(() => over.push('b'));
  deadlines.add(() => over.push('c'));
  jest.advanceTimersByTime(599);
  expect(over).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(over).toEqual(['a']);
  jest.advanceTimersByTime(399);
  expect(over).toEqual(['a']);
  jest.advanceTimersByTime(1);
  expect(over).toEqual(['a', 'b', 'c']);
});

it('does not end what came to an end before', () => {
  const deadlines = new Deadlines(1000);
  const over: string[] = [];
  const a = deadlines.add(() => over.push('a'));
  jest.advanceTimersByTime(500);
  const b = deadlines.add(() => over.push('b'));
  deadlines.add(() => over.push('c'));
  deadlines.delete(a);
  deadlines.delete(b);
  jest.advanceTimersByTime(1500);
  expect(over).toEqual(['c']);
});

it('has one timer for all, which rings once more after the last and never again', () => {
  const deadlines = new Deadlines(1000);
  for (let nth = 0; nth < 100; nth += 1) deadlines.delete(deadlines.add(() => {}));
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(1000);
  expect(jest.getTimerCount()).toBe(0);
  deadlines.add(() => {});
  expect(jest.getTimerCount()).toBe(1);
});

it('takes what is added while others end', () => {
  const deadlines = new Deadlines(1000);
  const over: string[] = [];
  deadlines.add(() => {
    over.push('a');
    deadlines.add(() => over.push('b'));
  });
  jest.advanceTimersByTime(1000);
  expect(over).toEqual(['a']);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(1000);
  expect(over).toEqual(['a', 'b']);
});
