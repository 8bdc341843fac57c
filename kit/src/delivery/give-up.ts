/**
 * How an entry ends that is given up; pure.
 */
import { sumCounts } from '../model/counts';
import type { DeliveryDocument } from './delivery-document';
import { mergeReasons } from './reasons';

/** Whoever was still to be tried again has failed, with the reason for which they waited. */
export function abandon({
  counts,
  reasons,
  pending,
}: DeliveryDocument): Pick<DeliveryDocument, 'counts' | 'reasons'> {
  return {
    counts: sumCounts([counts, { failed: pending.length }]),
    reasons: mergeReasons(
      reasons,
      new Map(pending.map(({ uid, code }) => [uid, `failed:${code}`] as const)),
    ),
  };
}
