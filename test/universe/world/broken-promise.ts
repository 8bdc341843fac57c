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

/** Who says that one is broken. */
export interface Judge {
  /** Nothing goes wrong but with providers: then times can be told. */
  readonly isPunctual: boolean;
  /** Notes it, and ends whatever broke it. */
  fail(name: PromiseName, words: string): never;
  /** Short: the phone and which of its tokens. */
  name(token: string): string;
}
