/** A limit of time for what cannot be stopped. */

/**
 * What is asked for, if it comes in time.
 *
 * @throws what it is rejected with, or else an error with the words `late`, after so many milliseconds.
 */
export async function within<Value>(
  ms: number,
  ask: () => Promise<Value>,
  late: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(late)), ms);
  });
  try {
    return await Promise.race([ask(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
