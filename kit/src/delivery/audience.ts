/**
 * Resolves recipients' records to addresses, and decides what each of them gets; pure. Whoever gets nothing gets a reason instead.
 */
import { decide, type About, type HoldReason, type SkipReason } from '../decision/decide';
import type { LocalTimes } from '../decision/local-times';
import { deviceKey } from '../model/address';
import { tokenList } from '../devices/token-list';
import type { RecipientRecord } from '../store/users';

/** One address and whose it is. */
export interface Target {
  readonly uid: string;
  readonly address: string;
  /** What stands in the user's `locale`, of whatever type. */
  readonly locale?: unknown;
  /** They want to see it and not to hear it. */
  readonly isSilent?: true;
  /** They are not to be told before `until`, ms since 1970. */
  readonly held?: { readonly until: number; readonly why: HoldReason };
}

export interface Resolved {
  /** One address a device, in the recipients' order. */
  readonly targets: readonly Target[];
  /** Why recipients without a target have none. */
  readonly withoutTarget: ReadonlyMap<string, SkipReason | 'no-address'>;
}

/**
 * Addresses of the recipients who are to be told, now or later.
 *
 * Entries that are not understood are passed over; a device found under two users goes to the first.
 *
 * @param now ms since 1970.
 * @param times as in {@link decide}.
 */
export function resolve(
  records: readonly RecipientRecord[],
  about: About,
  now: number,
  times?: LocalTimes,
): Resolved {
  const targets: Target[] = [];
  const withoutTarget = new Map<string, SkipReason | 'no-address'>();
  const seen = new Set<string>();
  for (const record of records) {
    const { uid, locale } = record;
    const decision = decide(record, about, now, times);
    if (decision.kind === 'skip') {
      withoutTarget.set(uid, decision.why);
      continue;
    }
    const fresh = tokenList(record.tokens).addresses.filter(
      (address) => !seen.has(deviceKey(address)),
    );
    const wish = {
      ...(locale === undefined ? {} : { locale }),
      ...(decision.kind === 'send' && decision.isSilent ? { isSilent: true as const } : {}),
      ...(decision.kind === 'hold' ? { held: { until: decision.until, why: decision.why } } : {}),
    };
    for (const address of fresh) {
      seen.add(deviceKey(address));
      targets.push({ uid, address, ...wish });
    }
    if (fresh.length === 0) withoutTarget.set(uid, 'no-address');
  }
  return { targets, withoutTarget };
}
