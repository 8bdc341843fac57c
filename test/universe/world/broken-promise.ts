/** A promise that is not kept. */
import { PROMISES, type PromiseName } from './promises.ts';

export interface Violation {
  readonly promise: string;
  readonly words: string;
}

/** Thrown where a promise is broken; the world ends. */
export class BrokenPromise extends Error {
  readonly violation: Violation;

  constructor(name: PromiseName, words: string) {
    super(words);
    this.name = 'BrokenPromise';
    this.violation = { promise: PROMISES[name], words };
  }
}
