/**
 * The functions that sweep, as the scheduler runs them every few minutes. Between those that find something they change nothing, and are
 * not played.
 */
import type { Server } from '../firestore/server.ts';
import type { Scheduler } from '../time/scheduler.ts';
import { millisOf } from './words.ts';

/** They run so often, ms. */
const SWEEP_EVERY_MS = 5 * 60_000;

/** What a sweep looks at, by which of an entry's times it finds it. */
const SWEPT = [
  { collection: 'deliveries', dueIn: 'leaseUntil' },
  { collection: 'pushes', dueIn: 'nextAt' },
] as const;
export type Swept = (typeof SWEPT)[number]['collection'];

export interface SweepsOptions {
  readonly scheduler: Scheduler;
  readonly server: Server;
  /** Nothing that is left to do is looked for after this, ms since 1970. */
  readonly horizon: number;
  /** Whether the scheduler leaves out the present one. */
  readonly isSkipped: () => boolean;
  readonly sweep: (what: Swept) => void;
}

export class Sweeps {
  private readonly options: SweepsOptions;
  private readonly planned = new Set<number>();

  constructor(options: SweepsOptions) {
    this.options = options;
  }

  /** A document was written: plans the first sweep that can find it overdue. */
  onWritten(what: Swept, fields: Readonly<Record<string, unknown>> | undefined): void {
    const due = dueOf(what, fields);
    if (due !== undefined) this.plan(due);
  }

  private plan(due: number): void {
    const { scheduler, horizon } = this.options;
    const from = Math.max(due, scheduler.now) + 1;
    const tick = Math.ceil(from / SWEEP_EVERY_MS) * SWEEP_EVERY_MS;
    if (this.planned.has(tick) || tick > horizon) return;
    this.planned.add(tick);
    scheduler.at(tick, () => this.run(tick));
  }

  private run(tick: number): void {
    this.planned.delete(tick);
    const { isSkipped, sweep } = this.options;
    if (isSkipped()) return this.plan(tick + 1);
    const found = SWEPT.map(({ collection }) => collection).filter((what) => this.isOverdue(what));
    for (const what of found) sweep(what);
    if (found.length > 0) this.plan(tick + 1);
  }

  private isOverdue(what: Swept): boolean {
    const { scheduler, server } = this.options;
    for (const { fields } of server.documents(what)) {
      const due = dueOf(what, fields);
      if (due !== undefined && due <= scheduler.now) return true;
    }
    return false;
  }
}

/** When a sweep finds a document, ms since 1970; undefined if none ever does. */
function dueOf(
  what: Swept,
  fields: Readonly<Record<string, unknown>> | undefined,
): number | undefined {
  if (what === 'deliveries' && fields?.['state'] !== 'sending') return undefined;
  const { dueIn } = SWEPT.find(({ collection }) => collection === what) ?? SWEPT[0];
  return millisOf(fields?.[dueIn]);
}
