import type { Firestore } from '@google-cloud/firestore';
import { transact } from './transact';

const closed = Object.assign(new Error('3 INVALID_ARGUMENT: Transaction is invalid or closed.'), {
  code: 3,
});

/** A database whose transactions fail with these errors, one after the other, and then succeed. */
function database(errors: Error[]) {
  const runTransaction = jest.fn(() => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  });
  return { db: { runTransaction } as unknown as Firestore, runTransaction };
}

const body = () => Promise.resolve('done');
const waits: number[] = [];
const wait = (ms: number) => Promise.resolve(void waits.push(ms));

describe('transact', () => {
  it('begins anew when the server closed the transaction', async () => {
    const { db, runTransaction } = database([closed, closed]);
    expect(await transact(db, body, wait)).toBe('done');
    expect(runTransaction).toHaveBeenCalledTimes(3);
  });

  it('waits longer each time, at random, so that those who met do not meet again', async () => {
    waits.length = 0;
    const { db } = database(Array.from({ length: 7 }, () => closed));
    await transact(db, body, wait, () => 0.5);
    expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1000]);
  });

  it('gives up in the end, as something that passes', async () => {
    const { db, runTransaction } = database(Array.from({ length: 20 }, () => closed));
    await expect(transact(db, body, wait)).rejects.toMatchObject({
      name: 'ContentionError',
      code: 10,
      cause: closed,
    });
    expect(runTransaction).toHaveBeenCalledTimes(9);
  });

  it.each([
    new Error('bug'),
    Object.assign(new Error('3 INVALID_ARGUMENT: bad field'), { code: 3 }),
    Object.assign(new Error('Transaction is invalid or closed'), { code: 7 }),
  ])('passes on any other error at once: %s', async (error) => {
    const { db, runTransaction } = database([error]);
    await expect(transact(db, body)).rejects.toBe(error);
    expect(runTransaction).toHaveBeenCalledTimes(1);
  });
});
