/**
 * How a delivery, or a shard of one, ended, in the numbers that the log has; pure.
 */
import type { Counts } from '../model/counts';
import { shardTotal } from './coverage';
import type { DeliveryDocument } from './delivery-document';
import type { ErrorCode } from './error-code';

export interface DeliverySummary {
  readonly id: string;
  readonly type: string;
  readonly state: 'done' | 'failed';
  /** Whether it is a part of another, which has a summary of its own. */
  readonly isShard: boolean;
  /** Path of the document that it is about. */
  readonly document?: string;
  readonly errorCode?: ErrorCode;
  readonly reason?: string;
  readonly counts: Counts;
  /** Addresses by the code that somebody may have to act upon. */
  readonly codes: Readonly<Record<string, number>>;
  /** Rounds that it took, at least 1. */
  readonly rounds: number;
  /** Shards that it was spread over. */
  readonly shards?: number;
  /** From the writing of the document to the last answer of a provider, ms; absent where it was sent again by hand, and in entries of earlier versions. */
  readonly latencyMs?: number;
}

/** @param now ms since 1970. */
export function summaryOf(
  id: string,
  entry: Pick<
    DeliveryDocument,
    | 'type'
    | 'parent'
    | 'document'
    | 'counts'
    | 'codes'
    | 'round'
    | 'coverage'
    | 'eventAt'
    | 'error'
    | 'errorCode'
    | 'reopenedAt'
  >,
  now: number,
): DeliverySummary {
  const { type, parent, document, counts, codes = {}, round, coverage, eventAt } = entry;
  const { error, errorCode, reopenedAt } = entry;
  const shards = shardTotal(coverage);
  return {
    id,
    type,
    state: errorCode === undefined ? 'done' : 'failed',
    isShard: parent !== undefined,
    ...(document === undefined ? {} : { document }),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(errorCode === undefined || error === undefined ? {} : { reason: error }),
    counts,
    codes,
    rounds: round + 1,
    ...(shards === undefined ? {} : { shards }),
    ...(eventAt === undefined || reopenedAt !== undefined
      ? {}
      : { latencyMs: Math.max(0, now - eventAt.toMillis()) }),
  };
}
