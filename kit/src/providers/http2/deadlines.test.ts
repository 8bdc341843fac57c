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

/** Lets time pass, and the event loop turn. */
async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  deadlines = new Deadlines(1000);
  over = [];
});

afterEach(() => {
  jest.useRealTimers();
});

it('ends each in its time, in their order', async () => {
  begin('a');
  await pass(400);
  begin('b');
  begin('c');
  await pass(599);
  expect(over).toEqual([]);
  await pass(1);
  expect(over).toEqual(['a']);
  await pass(399);
  expect(over).toEqual(['a']);
  await pass(1);
  expect(over).toEqual(['a', 'b', 'c']);
});

it('does not end what came to an end before', async () => {
  const a = begin('a');
  await pass(500);
  const b = begin('b');
  begin('c');
  deadlines.stop(a);
  deadlines.stop(b);
  await pass(1500);
  expect(over).toEqual(['c']);
});

it('has one timer for all, which rings once more after the last and never again', async () => {
  for (let nth = 0; nth < 100; nth += 1) deadlines.stop(begin('never'));
  expect(jest.getTimerCount()).toBe(1);
  await pass(1000);
  expect(jest.getTimerCount()).toBe(0);
  begin('a');
  expect(jest.getTimerCount()).toBe(1);
});

it('takes what is added while others end', async () => {
  begin('a', () => begin('b'));
  await pass(1000);
  expect(over).toEqual(['a']);
  expect(jest.getTimerCount()).toBe(1);
  await pass(1000);
  expect(over).toEqual(['a', 'b']);
});

it('reads on while that brings answers to what is due', async () => {
  const late = Array.from({ length: 3 }, (_, nth) => begin(`late ${nth}`));
  begin('silent');
  jest.advanceTimersByTime(1000);
  for (const timed of late) {
    await new Promise((resolve) => setImmediate(resolve));
    deadlines.stop(timed);
  }
  await pass(0);
  expect(over).toEqual(['silent']);
});
