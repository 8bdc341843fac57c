import { Deadlines, type Timed } from './deadlines';

let deadlines: Deadlines;
let over: string[];

function begin(name: string, then = () => {}): Timed {
  const timed = {
    deadline: Infinity,
    timeOut: () => {
      over.push(name);
      then();
    },
  };
  deadlines.begin(timed);
  return timed;
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick'] });
  deadlines = new Deadlines(1000);
  over = [];
});

afterEach(() => {
  jest.useRealTimers();
});

it('ends each in its time, in their order', () => {
  begin('a');
  jest.advanceTimersByTime(400);
  begin('b');
  begin('c');
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
  const a = begin('a');
  jest.advanceTimersByTime(500);
  const b = begin('b');
  begin('c');
  deadlines.stop(a);
  deadlines.stop(b);
  jest.advanceTimersByTime(1500);
  expect(over).toEqual(['c']);
});

it('has one timer for all, which rings once more after the last and never again', () => {
  for (let nth = 0; nth < 100; nth += 1) deadlines.stop(begin('never'));
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(1000);
  expect(jest.getTimerCount()).toBe(0);
  begin('a');
  expect(jest.getTimerCount()).toBe(1);
});

it('takes what is added while others end', () => {
  begin('a', () => begin('b'));
  jest.advanceTimersByTime(1000);
  expect(over).toEqual(['a']);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(1000);
  expect(over).toEqual(['a', 'b']);
});
