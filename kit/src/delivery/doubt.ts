/**
 * What a worker does not know of those before it: whether they sent what they did not record. Doubt is about a part of an entry and
 * ends when that part is settled, not when something else is recorded; pure.
 */
import type { Resend, Resends } from './delivery-document';
import type { HeldEntry } from './ledger-entry';

/** What a step sends to: the addresses whose retry is due, or the recipients up to one of them. */
export type StepPart =
  | { readonly kind: 'retry'; readonly dueBy: number }
  | { readonly kind: 'next'; readonly until: string };

/** Which parts a round has brought to their end so far; `next` also if nobody is left. */
export type Settled = Readonly<Record<StepPart['kind'], boolean>>;

export interface Doubt {
  /** Whether an earlier worker may have sent what comes next. */
  readonly inDoubt: boolean;
  /** What was sent again and still stands without a record. */
  readonly resends: Resends | undefined;
}

export const NO_DOUBT: Doubt = { inDoubt: false, resends: undefined };

/** Instances that die over one step before it is left: each of them may have sent it. */
const MAX_RESENDS = 5;

/** What is still in doubt once these parts of the entry are recorded. */
export function doubtAfter(
  { inDoubt, document: { sent, resends } }: Pick<HeldEntry, 'inDoubt' | 'document'>,
  settled: Settled,
): Doubt {
  // A worker has its retries first and then the recipients: whoever has settled the latter has settled all.
  const isOver = sent ? settled.retry : settled.next;
  if (isOver) return NO_DOUBT;
  if (!settled.retry || resends === undefined) return { inDoubt, resends };
  const { retry: _settled, ...others } = resends;
  return { inDoubt, resends: others.next === undefined ? undefined : others };
}

/** Whether a part was sent so often without a record that it is not sent again. */
export function isLeft(resend: Resend | undefined): boolean {
  return resend !== undefined && (resend.isSent === true || resend.times >= MAX_RESENDS);
}

/** The notes with one about this part, in place of the former. */
export function noted(resends: Resends | undefined, part: StepPart, resend: Resend): Resends {
  return part.kind === 'retry'
    ? { ...resends, retry: { ...resend, dueBy: part.dueBy } }
    : { ...resends, next: { ...resend, until: part.until } };
}
