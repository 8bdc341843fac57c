/** Keeps the pushes that have arrived, so that the story can wait for one, and say which did not come. */

import { setTimeout as sleep } from 'node:timers/promises';

import { StackError } from '../stack/error.ts';
import type { Push } from '../stack/pushes.ts';

export interface ExpectedPush {
  /** The device as the story calls it, for the message when the push does not come. */
  device: string;
  address: string;
  title: string;
  body?: string;
}

export interface Arrivals {
  add(push: Push): void;
  /**
   * Resolves once every one of these pushes has arrived, in any order; each counts once.
   *
   * @throws StackError `push-missing`, naming each push that had not arrived after `timeoutMs` milliseconds.
   */
  expect(expected: readonly ExpectedPush[], timeoutMs: number): Promise<void>;
  /** Pushes that no `expect` has asked for. */
  unexpected(): readonly Push[];
}

export function createArrivals(): Arrivals {
  let waiting: Push[] = [];
  let wake = Promise.withResolvers<void>();

  const take = (expected: ExpectedPush): boolean => {
    const index = waiting.findIndex((push) => matches(push, expected));
    if (index === -1) return false;
    waiting = waiting.toSpliced(index, 1);
    return true;
  };

  return {
    add(push) {
      waiting.push(push);
      wake.resolve();
      wake = Promise.withResolvers();
    },
    async expect(expected, timeoutMs) {
      const over = sleep(timeoutMs, true as const, { ref: false });
      let missing = expected.filter((push) => !take(push));
      while (missing.length > 0) {
        const timedOut = await Promise.race([wake.promise, over]);
        missing = missing.filter((push) => !take(push));
        if (timedOut && missing.length > 0) {
          throw new StackError('push-missing', explainMissing(missing, timeoutMs));
        }
      }
    },
    unexpected: () => waiting,
  };
}

function matches(push: Push, { address, title, body }: ExpectedPush): boolean {
  return (
    push.address === address && push.title === title && (body === undefined || push.body === body)
  );
}

function explainMissing(missing: readonly ExpectedPush[], timeoutMs: number): string {
  const lines = missing.map(
    ({ device, title, body }) => `  ${device}: "${title}"${body === undefined ? '' : ` "${body}"`}`,
  );
  return [
    `Expected these pushes within ${timeoutMs / 1000} s, but they did not arrive:`,
    ...lines,
  ].join('\n');
}
