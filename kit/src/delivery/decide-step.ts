/**
 * Decides what each recipient of a step gets who has not had their turn yet: told now, held, gathered, or left out with the reason.
 */
import type { Draft } from '../model/notification/content';
import type { RecipientRecord } from '../store/users';
import type { Target } from './audience';
import type { PendingAddress } from './delivery-document';
import type { EngineDeps } from './deps';
import { gather } from './gather';
import type { HeldEntry } from './ledger-entry';
import { cappedOf } from './limits';
import { heldPerson, isUnreachable } from './release';
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
  const resolved = await sender.resolve(records);
  const capped = await cappedOf(deps, entry, [...new Set(resolved.targets.map(({ uid }) => uid))]);
  // Whoever has had enough pushes hears of it with others, and not first.
  const gathered = await gather(deps, entry, content, records, capped);
  const wanted = resolved.targets.filter(({ uid }) => !gathered.has(uid) && !capped.has(uid));
  const reasons = new Map<string, string>([
    ...[...capped].map((uid) => [uid, 'capped'] as const),
    ...gathered,
    ...resolved.withoutTarget,
  ]);
  const held = new Map<string, PendingAddress>();
  for (const { uid, held: hold } of wanted) {
    if (hold !== undefined) held.set(uid, heldPerson(uid, hold, content.expiresAt));
  }
  const unreachable = [...reasons.values()].filter(isUnreachable).length;
  const skipped = reasons.size - unreachable;
  for (const [uid, { code }] of held) reasons.set(uid, `held:${code}`);
  const targets = wanted.filter(({ uid }) => !held.has(uid));
  const counts = { recipients: records.length, addresses: targets.length, unreachable, skipped };
  return { targets, totals: { counts, reasons, held: [...held.values()] } };
}
