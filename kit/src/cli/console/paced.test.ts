import { paced } from './paced';

interface Read {
  readonly turn: number;
  readonly entries: number;
}

/** Reads turn 1, 2, 3 …, each of which is good for a second for each entry. */
function counting(entries: number) {
  const time = { now: 1_000 };
  let turn = 0;
  const read = jest.fn((): Promise<Read> => Promise.resolve({ turn: (turn += 1), entries }));
  const get = paced(
    read,
    (value) => value.entries * 1_000,
    () => time.now,
  );
  return { get, read, time };
}

it('reads anew with each call what costs nothing', async () => {
  const { get } = counting(0);
  expect([(await get()).turn, (await get()).turn]).toEqual([1, 2]);
});

it('keeps what was dear for as long as that says, and no longer', async () => {
  const { get, time } = counting(60);
  expect((await get()).turn).toBe(1);
  time.now += 59_999;
  expect((await get()).turn).toBe(1);
  time.now += 1;
  expect((await get()).turn).toBe(2);
});

it('keeps no failure, and nothing of what was before it', async () => {
  const { get, read, time } = counting(1);
  await get();
  time.now += 1_000;
  read.mockRejectedValueOnce(new Error('away'));
  await expect(get()).rejects.toThrow('away');
  expect((await get()).turn).toBe(2);
});
