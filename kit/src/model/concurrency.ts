/**
 * Runs an asynchronous step for 0 … count-1, a bounded number at a time.
 */

/**
 * Steps begin in order. Rejects with the first error of `step`; steps already begun go on, no further ones begin.
 *
 * @param limit steps under way at once, at least 1; a function is asked anew whenever one has ended.
 */
export function forEachBounded(
  count: number,
  limit: number | (() => number),
  step: (index: number) => Promise<void>,
): Promise<void> {
  const most = typeof limit === 'number' ? () => limit : limit;
  return new Promise((resolve, reject) => {
    let next = 0;
    let underWay = 0;
    const fail = (error: Error): void => {
      next = count;
      reject(error);
    };
    const ended = (): void => {
      underWay -= 1;
      begin();
    };
    const begin = (): void => {
      while (next < count && (underWay === 0 || underWay < most())) {
        const index = next;
        next += 1;
        underWay += 1;
        try {
          step(index).then(ended, fail);
        } catch (error) {
          fail(error as Error);
        }
      }
      if (underWay === 0) resolve();
    };
    begin();
  });
}
