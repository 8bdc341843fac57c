/**
 * How an entry ends of which nothing, or nothing more, is sent, although nothing failed; pure.
 */
import { sumCounts } from '../model/counts';
import { withAnswers, type Answer } from './answers';
import type { DeliveryDocument, Withheld } from './delivery-document';
import type { RoundResult } from './ledger-entry';
import { mergeReasons } from './reasons';

/**
 * Whoever was not reached yet is skipped, and devices that waited are passed over. Of people who are not named in the entry only
 * the entry as a whole says it.
 *
 * @param at ms since 1970.
 */
export function withholding(
  { counts, reasons, pending, answers = [], codes = {}, coverage, reached, sent }: DeliveryDocument,
  why: Withheld,
  at: number,
): RoundResult & { readonly withheld: Withheld } {
  const uids = coverage?.kind === 'listed' && !sent ? coverage.uids : [];
  const unreached = uids.slice(reached === undefined ? 0 : uids.indexOf(reached) + 1);
  const left = pending.map(({ uid, fingerprint: device }): Answer => {
    return { uid, device, outcome: 'gone', at };
  });
  const told = new Map([...unreached, ...pending.map(({ uid }) => uid)].map((uid) => [uid, why]));
  return {
    counts: sumCounts([
      counts,
      { recipients: unreached.length, skipped: unreached.length, unregistered: pending.length },
    ]),
    reasons: mergeReasons(reasons, told),
    answers: withAnswers(answers, left),
    codes,
    pending: [],
    reached: undefined,
    withheld: why,
  };
}
