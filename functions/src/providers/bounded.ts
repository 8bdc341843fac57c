/**
 * Runs an asynchronous step for 0 … count-1, a bounded number at a time.
 */

/** `limit`: steps under way at once, at least 1. Rejects with the first error of `step`; steps already begun go on, no further ones begin. */
export async function forEachBounded(
  count: number,
  limit: number,
  step: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      try {
        await step(index);
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(limit, 1), count) }, worker));
}
