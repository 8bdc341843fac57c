/**
 * Decides what each recipient of a step gets who has not had their turn yet: told now, held, gathered, or left out with the reason.
 */
import type { Draft } from '../model/notification/content';
import type { RecipientRecord } from '../store/users';
import type { Target } from './audience';
import type { EngineDeps } from './deps';
import { gather } from './gather';
import type { HeldEntry } from './ledger-entry';
import { cappedOf } from './limits';
import type { StepSender } from './step-sender';
import type { StepTotals } from './tally';

export interface DecidedStep {
  readonly targets: readonly Target[];
  readonly totals: StepTotals;
}

/** @param content what is to be sent, which an entry of a shard has not got itself. */
export async function decideStep(
  deps: EngineDeps,
  { entry, content }: { readonly entry: HeldEntry; readonly content: Draft },
  sender: Pick<StepSender, 'resolve'>,
  records: readonly RecipientRecord[],
): Promise<DecidedStep> {
  const gathered = await gather(deps, entry, content, records);
  const resolved = await sender.resolve(records.filter(({ uid }) => !gathered.has(uid)));
  const now = resolved.targets.filter(({ held }) => held === undefined);
  const capped = await cappedOf(deps, entry, [...new Set(now.map(({ uid }) => uid))]);
  const targets = resolved.targets.filter(({ uid }) => !capped.has(uid));
  const reasons = new Map<string, string>([...gathered, ...resolved.withoutTarget]);
  for (const uid of capped) reasons.set(uid, 'capped');
  const unreachable = [...reasons.values()].filter(isUnreachable).length;
  const counts = {
    recipients: records.length,
    addresses: targets.length,
    unreachable,
    skipped: reasons.size - unreachable,
  };
  return { targets, totals: { counts, reasons } };
}

function isUnreachable(why: string): boolean {
  return why === 'no-address' || why === 'no-user';
}
