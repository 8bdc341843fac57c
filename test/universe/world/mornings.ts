/** Judges how people were left out in the end who did not want to hear something, or not at that time. */
import type { Asked } from './asked.ts';
import { isMandatory } from './catalogue.ts';
import { CLOCKS_MS, hasBlocked, hasMutedTarget, hasSaid, WINDOW_MS, type Test } from './wishes.ts';
import type { World } from './world.ts';

const hasHours: Test = ({ quietHours }) => quietHours !== undefined;

/** A reason that the ledger gives for somebody is one. */
export function judgeReason(
  { witness, scheduler }: Pick<World, 'witness' | 'scheduler'>,
  asked: Asked,
  uid: string,
  reason: string,
): void {
  const { deliveryId, kind, target, actor, at, ttlMs } = asked;
  const wasSo = (test: Test): boolean => {
    const stretch = { from: at - WINDOW_MS, until: scheduler.now, skewMs: CLOCKS_MS };
    return witness.wishes.isEver(uid, stretch, test);
  };
  const grounds: Readonly<Record<string, () => boolean>> = {
    muted: () => wasSo(hasSaid(kind, false)),
    'muted-target': () => wasSo(hasMutedTarget(target)),
    blocked: () => wasSo(hasBlocked(actor)),
    'always-quiet': () => false,
    'expired:QUIET_HOURS': () => ttlMs !== undefined && wasSo(hasHours),
    collapsed: () => witness.nights.hasNewer(asked, uid),
  };
  const isGrounded = Object.hasOwn(grounds, reason) ? grounds[reason] : undefined;
  if (isGrounded === undefined) return;
  if (isMandatory(kind)) {
    witness.fail('mandatory', `${deliveryId} is mandatory, and ${uid} was left out: ${reason}`);
  }
  if (!isGrounded()) {
    witness.fail('recorded', `${deliveryId} says ${reason} of ${uid}, and that was never so`);
  }
}
