/** Adds up by code what failed; pure. */
import { isSpread } from '../../delivery/coverage';
import type { Coverage } from '../../delivery/delivery-document';
import type { CodeCount } from './numbers';

/** What of an entry in trouble counts. */
export interface FailedEntry {
  readonly codes?: Readonly<Record<string, number>> | undefined;
  readonly errorCode?: string | undefined;
  readonly coverage?: Pick<Coverage, 'kind'> | undefined;
}

/** By code, the most frequent first. A delivery that is the sum of its shards counts by these. */
export function tallyFailures(entries: readonly FailedEntry[]): CodeCount[] {
  const addresses = new Map<string, number>();
  const deliveries = new Map<string, number>();
  for (const { codes = {}, errorCode, coverage } of entries) {
    for (const [code, count] of isSpread(coverage) ? [] : Object.entries(codes)) {
      addresses.set(code, (addresses.get(code) ?? 0) + count);
    }
    if (errorCode !== undefined) deliveries.set(errorCode, (deliveries.get(errorCode) ?? 0) + 1);
  }
  return [
    ...[...deliveries].map(([code, count]) => ({ code, count, of: 'deliveries' as const })),
    ...[...addresses].map(([code, count]) => ({ code, count, of: 'addresses' as const })),
  ].sort((one, other) => other.count - one.count);
}
