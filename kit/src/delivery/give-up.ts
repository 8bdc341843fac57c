/**
 * How an entry ends that is given up; pure.
 */
import { sumCounts } from '../model/counts';
import { withAnswers, withCodes, type Answer } from './answers';
import { isPerson, type DeliveryDocument } from './delivery-document';
import type { GivenUp, RoundResult } from './ledger-entry';
import { mergeReasons } from './reasons';

/** Of an address to which something was sent, perhaps more than once, without a record of how that went. */
export const UNKNOWN_CODE = 'OUTCOME_UNKNOWN';

/** Somebody has stopped it. */
export const CANCELLED: GivenUp = {
  error: 'it was cancelled by an operator',
  errorCode: 'CANCELLED',
};

/** Nothing that is deployed here makes such notifications. */
export const NOT_COMPOSED: GivenUp = {
  error: 'no notification of this kind and document is declared in what is deployed',
  errorCode: 'COMPOSE_FAILED',
};

/**
 * Whoever was still to be tried again has failed, with the reason for which they waited; of those to whom it was sent again without a
 * record nobody knows. `at`: ms since 1970.
 */
export function abandon(
  { counts, reasons, pending: waiting, answers = [], codes, resends }: DeliveryDocument,
  at: number,
): Omit<RoundResult, 'pending' | 'reached'> {
  const { dueBy = -Infinity, unsent } = resends?.retry ?? {};
  const untold = new Set(unsent);
  const pending = waiting.map((address) =>
    address.dueAt <= dueBy && !untold.has(address.fingerprint)
      ? { ...address, code: UNKNOWN_CODE }
      : address,
  );
  // Whoever was not to be notified yet was sent nothing.
  const [people, devices] = [pending.filter(isPerson), pending.filter((each) => !isPerson(each))];
  const failed = devices.map(({ uid, fingerprint: device, code, attempts }): Answer => ({
    ...{ uid, device, outcome: 'failed', code, at },
    ...(attempts > 1 ? { tries: attempts } : {}),
  }));
  return {
    answers: withAnswers(answers, failed),
    codes: withCodes(codes, failed),
    counts: sumCounts([counts, { failed: devices.length, skipped: people.length }]),
    reasons: mergeReasons(
      reasons,
      new Map(pending.map(({ uid, code }) => [uid, `failed:${code}`] as const)),
    ),
  };
}
