/** A ledger whose new entries Firestore writes and whose answers are lost: the SDK asks again and is told that they are there. */
import type { Ledger } from '../../kit/src/delivery/ledger.ts';
import type { LedgerWrites } from '../../kit/src/delivery/ledger-writes.ts';

/** The same ledger, from now on without those answers. */
export function loseAnswers(ledger: Ledger): Ledger {
  const { writes } = ledger as unknown as { writes: LedgerWrites };
  const create = writes.create.bind(writes);
  Object.assign(writes, {
    create: async (...args: Parameters<typeof create>) => {
      await create(...args);
      return undefined;
    },
  });
  return ledger;
}
