/** Waits for a condition instead of for a time. */

import { setTimeout as sleep } from 'node:timers/promises';

/** A loopback probe costs well under a millisecond, so it may be asked often. */
const PAUSE_MS = 50;

/**
 * Asks again and again until the answer is true.
 *
 * @param timeoutMs gives up after so many milliseconds.
 * @param pauseMs the time between two askings; 50 ms if left out.
 * @returns whether the condition came true in time.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  pauseMs = PAUSE_MS,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await sleep(pauseMs);
  }
  return true;
}

/**
 * Resolves with the promise's value, or with undefined after `timeoutMs` milliseconds.
 * The wait alone does not keep Node from exiting.
 */
export function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  return Promise.race([promise, sleep(timeoutMs, undefined, { ref: false })]);
}

/** Rejects with `reason()` once the signal is aborted, at once when it is already. */
export function rejectOnAbort(signal: AbortSignal, reason: () => Error): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => {
      reject(reason());
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
