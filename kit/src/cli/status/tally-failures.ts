/** Adds up by code what failed; pure. */
import { isSpread } from '../../delivery/coverage';
import type { Coverage } from '../../delivery/delivery-document';
import type { CodeCount } from './numbers';

/** What of an entry in trouble counts. */
export interface FailedEntry {
  readonly id?: string | undefined;
  readonly codes?: Readonly<Record<string, number>> | undefined;
  readonly errorCode?: string | undefined;
  readonly coverage?: Pick<Coverage, 'kind'> | undefined;
}

/** By code, the most frequent first. A delivery that is the sum of its shards counts by these. */
export function tallyFailures(entries: readonly FailedEntry[]): CodeCount[] {
  const addresses = new Map<string, number>();
  const deliveries = new Map<string, number>();
  const examples = new Map<string, string>();
  for (const { id, codes = {}, errorCode, coverage } of entries) {
    for (const [code, count] of isSpread(coverage) ? [] : Object.entries(codes)) {
      addresses.set(code, (addresses.get(code) ?? 0) + count);
      if (id !== undefined) examples.set(`addresses ${code}`, id);
    }
    if (errorCode === undefined) continue;
    deliveries.set(errorCode, (deliveries.get(errorCode) ?? 0) + 1);
    if (id !== undefined) examples.set(`deliveries ${errorCode}`, id);
  }
  return [
    ...[...deliveries].map(([code, count]) => ({ code, count, of: 'deliveries' as const })),
    ...[...addresses].map(([code, count]) => ({ code, count, of: 'addresses' as const })),
  ]
    .map((each) => {
      const example = examples.get(`${each.of} ${each.code}`);
      return example === undefined ? each : { ...each, example };
    })
    .sort((one, other) => other.count - one.count);
}
