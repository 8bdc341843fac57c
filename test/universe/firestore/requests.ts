/** How the client tries a request again that failed in passing, before anybody hears of it. */
import { CODE } from './codes.ts';
import type { CallKind, Wire } from './wire.ts';

/** Waits before further tries, ms. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const WAIT_FACTOR = 1.5;

/** The waits of the client's own loops: half as long or one and a half times, by chance. */
export class Backoff {
  private readonly wire: Wire;
  private base = FIRST_WAIT_MS;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  async wait(): Promise<void> {
    await this.wire.sleep(this.next());
  }

  /** The next wait, ms. */
  next(): number {
    const { base } = this;
    this.base = Math.min(base * WAIT_FACTOR, LONGEST_WAIT_MS);
    return base * (0.5 + this.wire.random());
  }

  resetToLongest(): void {
    this.base = LONGEST_WAIT_MS;
  }
}

/** Tries of one read, and what it is tried again after. */
const MAX_READS = 5;
const READ_AGAIN: ReadonlySet<unknown> = new Set([
  CODE.DEADLINE_EXCEEDED,
  CODE.INTERNAL,
  CODE.UNAVAILABLE,
]);

export async function read<T>(
  wire: Wire,
  kind: Exclude<CallKind, 'commit'>,
  atServer: () => T,
): Promise<T> {
  let backoff: Backoff | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      return await wire.call(kind, atServer);
    } catch (error) {
      if (tries === MAX_READS || !READ_AGAIN.has((error as { code?: unknown }).code)) throw error;
      backoff ??= new Backoff(wire);
      let pause = backoff.next();
      for (; tries < MAX_READS - 1 && pause < wire.refusesFor(); tries += 1)
        pause += backoff.next();
      await wire.sleep(pause);
    }
  }
}

/** What a commit is tried again after, and waits before that, ms. */
const COMMIT_AGAIN: ReadonlySet<unknown> = new Set([CODE.RESOURCE_EXHAUSTED, CODE.UNAVAILABLE]);
const COMMIT_WAIT_MS = 100;
const COMMIT_WAIT_FACTOR = 1.3;
const COMMIT_TOTAL_MS = 600_000;

/** A commit outside of a transaction is tried again after contention, too. */
export async function commit<T>(
  wire: Wire,
  isInTransaction: boolean,
  atServer: () => T,
): Promise<T> {
  let wait = COMMIT_WAIT_MS;
  for (let waited = 0; ;) {
    try {
      return await wire.call('commit', atServer);
    } catch (error) {
      const { code } = error as { code?: unknown };
      const isPassing = COMMIT_AGAIN.has(code) || (code === CODE.ABORTED && !isInTransaction);
      if (!isPassing || waited >= COMMIT_TOTAL_MS) throw error;
      let pause = 0;
      do {
        const next = wait * wire.random();
        pause += next;
        waited += next;
        wait = Math.min(wait * COMMIT_WAIT_FACTOR, LONGEST_WAIT_MS);
      } while (waited < COMMIT_TOTAL_MS && pause < wire.refusesFor());
      await wire.sleep(pause);
    }
  }
}
