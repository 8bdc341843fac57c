/**
 * Resolves recipients' records to addresses; pure. Whoever gets nothing gets a reason instead.
 */
import { own } from '../model/own';
import { deviceKey } from '../model/address';
import { tokenList } from '../devices/token-list';
import type { RecipientRecord } from '../store/users';

/** One address and whose it is. */
export interface Target {
  readonly uid: string;
  readonly address: string;
  /** What stands in the user's `locale`, of whatever type. */
  readonly locale?: unknown;
}

export interface Resolved {
  /** One address a device, in the recipients' order. */
  readonly targets: readonly Target[];
  /** Why recipients without a target have none. */
  readonly withoutTarget: ReadonlyMap<string, 'no-user' | 'no-address' | 'is-actor' | 'muted'>;
}

/**
 * Addresses of the recipients, without the actor and without those who muted `type` (`notificationSettings.<type>: false`).
 *
 * Entries that are not understood are passed over; a device found under two users goes to the first.
 */
export function resolve(
  records: readonly RecipientRecord[],
  type: string,
  actor: string | undefined,
): Resolved {
  const targets: Target[] = [];
  const withoutTarget = new Map<string, 'no-user' | 'no-address' | 'is-actor' | 'muted'>();
  const seen = new Set<string>();
  for (const record of records) {
    const { uid, locale } = record;
    if (uid === actor) withoutTarget.set(uid, 'is-actor');
    else if (!record.exists) withoutTarget.set(uid, 'no-user');
    else if (isMuted(record.notificationSettings, type)) withoutTarget.set(uid, 'muted');
    else {
      const fresh = tokenList(record.tokens).addresses.filter(
        (address) => !seen.has(deviceKey(address)),
      );
      for (const address of fresh) {
        seen.add(deviceKey(address));
        targets.push(locale === undefined ? { uid, address } : { uid, address, locale });
      }
      if (fresh.length === 0) withoutTarget.set(uid, 'no-address');
    }
  }
  return { targets, withoutTarget };
}

function isMuted(settings: unknown, type: string): boolean {
  return own(settings, type) === false;
}
