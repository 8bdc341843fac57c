/** What every sender in the comparison is asked to do, and the check that it did. */

import { isDead } from '../wire/addresses.ts';

/** What became of one address; `failed: …` where the peer gave up. */
export type Answer = 'delivered' | 'unregistered' | `failed: ${string}`;

export interface Peer {
  /** Sends the same push to all; one answer per address, in order. */
  send(addresses: readonly string[]): Promise<readonly Answer[]>;
  /** Ends its connections. */
  close(): Promise<void> | void;
}

/** @throws when an address has not the answer that it must have, naming how many and the first. */
export function requireRightAnswers(
  addresses: readonly string[],
  answers: readonly Answer[],
): void {
  if (answers.length !== addresses.length) {
    throw new Error(`expected ${addresses.length} answers, got ${answers.length}`);
  }
  const wrong = addresses.flatMap((address, index) => {
    const expected = isDead(address) ? 'unregistered' : 'delivered';
    return answers[index] === expected ? [] : [{ expected, got: answers[index] as Answer }];
  });
  const [first] = wrong;
  if (first !== undefined) {
    throw new Error(
      `${wrong.length} of ${addresses.length} addresses: expected ${first.expected}, got ${first.got}`,
    );
  }
}
