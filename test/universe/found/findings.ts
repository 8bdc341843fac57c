/**
 * What the simulation has found in the product, each with the change that mended it, undone: a world that broke a promise then is kept
 * beside this file, and breaks it again without the change.
 */
import type { Replacement } from '../soak/replacement.ts';

export interface Finding {
  /** Of the file that holds its world. */
  readonly name: string;
  /** The seed by which it was found, with the worlds of that day, and how many worlds it took. */
  readonly seed: number;
  readonly worlds: number;
  readonly what: string;
  /** Undoes what mended it. */
  readonly without: readonly Replacement[];
}

export const FINDINGS: readonly Finding[] = [
  {
    name: 'shard-missing',
    ...{ seed: 4266, worlds: 2_766 },
    what: 'a page that was dispatched twice, first to an instance that froze, set the number of shards back: the delivery ended without the counts of one of them',
    without: [
      {
        file: 'delivery/ledger-shards.ts',
        from: '    if ((await open.get()).data().count > 0) return undefined;\n',
        to: '',
      },
      {
        file: 'delivery/ledger-shards.ts',
        from: '      if ((await transaction.get(open)).data().count > 0) return undefined;\n',
        to: '',
      },
    ],
  },
  {
    name: 'late-for-an-hour',
    ...{ seed: 5267, worlds: 3_767 },
    what: 'a push with a time to live, whose audience was begun within the minute after its end, could be sent for an hour',
    without: [
      {
        file: 'delivery/deadline.ts',
        from: 'const isForNow = expiresAt <= (eventAt ?? audienceBegan);',
        to: 'const isForNow = expiresAt <= audienceBegan;',
      },
    ],
  },
  {
    name: 'stale-read',
    ...{ seed: 31586, worlds: 30_086 },
    what: 'recipients whose reading had taken 13 s counted as just read: a phone that had been logged out meanwhile was told',
    without: [
      {
        file: 'delivery/step-sender.ts',
        from: '(slowReads > MAX_SLOW_READS ? now : left.at) + FRESH_MS',
        to: 'now + FRESH_MS',
      },
    ],
  },
  {
    name: 'gone-in-doubt',
    ...{ seed: 30134, worlds: 28_634 },
    what: 'an address that was pruned by an instance which died before it recorded that was counted nowhere',
    without: [
      {
        file: 'delivery/round.ts',
        from: 'const gone = [...(totals.gone ?? []), ...found.gone];',
        to: 'const gone = isLeft(resend) ? found.gone : [...(totals.gone ?? []), ...found.gone];',
      },
    ],
  },
  {
    name: 'late-event',
    ...{ seed: 59153, worlds: 57_653 },
    what: 'an event that came hours late was recorded as failed at Firestore’s first trouble',
    without: [
      {
        file: 'catalogue/compose.ts',
        from: 'isTransient(error) ? FIRESTORE_RETRY_MS : 0',
        to: '0',
      },
    ],
  },
  {
    name: 'begun-and-not-sent',
    ...{ seed: 1103674, worlds: 3_674 },
    what: 'a step that was to be sent again, by an instance whose lease ended before it began, was noted as sent: the next one took it for lost, and the phone was never told',
    without: [
      {
        file: 'delivery/round.ts',
        from: 'if (found.results.every(isUntold)) this.isUnrecorded = false;',
        to: '',
      },
      // What notes who had no turn mends it, too.
      { file: 'delivery/round.ts', from: 'new Set(resend?.unsent)', to: 'new Set<string>()' },
    ],
  },
  {
    name: 'edited-before-it-was-written-down',
    ...{ seed: 17167, worlds: 17_167 },
    what: 'a push to many people, whose worker died before all of them were written down, and that its sender edited then, was under way for a week, and failed',
    without: [
      {
        file: 'outbox/plan.ts',
        from: "if (next.kind === 'deliver') return { update:",
        to: "if (next.kind === 'await') return { update:",
      },
    ],
  },
  {
    name: 'cancelled-and-sent',
    ...{ seed: 2478, worlds: 2_478 },
    what: 'a part of a large delivery that was being sent when an operator cancelled it went on to all of its people, not only to those of its present step',
    without: [
      {
        file: 'delivery/round.ts',
        from: 'if (!isFirst && (await this.isStopped())) return',
        to: 'if (isFirst && (await this.isStopped())) return',
      },
    ],
  },
  {
    name: 'sent-in-part',
    ...{ seed: 50139222, worlds: 139_223 },
    what: 'a step of which a part was sent again, by an instance that then died, was left as a whole: those whose turn had not come were never told',
    without: [
      {
        file: 'delivery/round.ts',
        from: 'new Set(resend?.unsent)',
        to: 'new Set<string>()',
      },
    ],
  },
  {
    name: 'stopped-in-parts',
    ...{ seed: 2502, worlds: 2_502 },
    what: 'a push that was held, and older than one in several parts that an operator stopped, was left out for it: its person heard of neither',
    without: [
      {
        file: 'delivery/ledger-holds.ts',
        from: 'if (hasEnded(found) || hasEnded(whole)) return true;',
        to: 'if (hasEnded(found)) return true;',
      },
    ],
  },
];
