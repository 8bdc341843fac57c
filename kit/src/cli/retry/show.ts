/** Says what would be sent again, or was: as text for people, and as JSON for programs; pure. */
import type { RetryPlan } from '../../delivery/ledger-operator';
import { printable, printableJson } from '../printable';
import { counted } from '../words';
import { MAX_ENTRIES } from './options';

/** One delivery, and what came of it. */
export interface Outcome {
  readonly delivery: string;
  readonly plan: RetryPlan;
  /** Entries that were reopened; absent in a dry run. */
  readonly reopened?: readonly string[];
}

export interface RetryReport {
  /** `Project acme on Google Cloud`. */
  readonly place: string;
  readonly apply: boolean;
  readonly outcomes: readonly Outcome[];
  /** Whether there may be more than were looked at. */
  readonly isCut: boolean;
  /** When what was reopened begins. */
  readonly begins: string;
}

type Why = Extract<RetryPlan, { kind: 'nothing' }>['why'];

const WHY: Readonly<Record<Why, string>> = {
  'not-found': 'there is no such delivery. Look for it with: npx @firestore-push/push why',
  'under-way': 'it is under way: what failed in it is tried again by itself.',
  'nothing-failed': 'everybody was reached, or can never be.',
  'outcome-unknown':
    'nobody knows of the rest whether they were reached. With --unknown they are sent to, and may hear of it twice.',
  'devices-unknown':
    'the entry does not say which devices failed: they were more than it holds, or it was made by an earlier version. Have the app write its document once more, if all may hear of it again.',
  cancelled: 'it was cancelled.',
  'nothing-composed':
    'it failed before there was anything to send. Remove the cause, and have the app write its document once more.',
  'content-gone':
    'what to send is gone: it was too large, or the entry was made by an earlier version.',
  'recipients-unknown': 'only its event knows who was left, and that comes no more.',
};

export function textReport({ place, apply, outcomes, isCut, begins }: RetryReport): string {
  const lines = outcomes.map((outcome) => `${printable(outcome.delivery)}: ${saidOf(outcome)}`);
  const retried = outcomes.filter(({ plan }) => plan.kind === 'retry');
  const devices = retried.reduce((sum, outcome) => sum + devicesOf(outcome), 0);
  const what = `${counted(retried.length, 'delivery', 'deliveries')}, ${counted(devices, 'device')}`;
  const end = [
    ...(outcomes.length === 0 ? ['Nothing failed then.'] : []),
    ...(isCut
      ? [
          `Only the oldest ${MAX_ENTRIES.toLocaleString('en')} entries were looked at. Run it again for the rest; where these stay as they are, with a later --since.`,
        ]
      : []),
    ...(retried.length === 0
      ? []
      : apply
        ? [`To be sent again: ${what}. ${begins}`]
        : [
            `Would be sent again: ${what}. Nothing was changed; to do it, run it again with --apply.`,
          ]),
  ];
  return `${[`${place}, ${apply ? 'applied' : 'dry run'}.`, ...lines, ...end].join('\n')}\n`;
}

export function jsonReport({ outcomes, isCut, apply }: RetryReport): string {
  const deliveries = outcomes.map(({ delivery, plan, reopened }) => ({
    delivery,
    ...(plan.kind === 'retry'
      ? { type: plan.type, devices: devicesOf({ plan }), entries: plan.entries }
      : { nothing: plan.why }),
    ...(reopened === undefined ? {} : { reopened }),
  }));
  return `${printableJson({ schema: 1, apply, deliveries, isCut })}\n`;
}

function saidOf({ plan, reopened }: Outcome): string {
  if (plan.kind === 'nothing') return `nothing to send again: ${WHY[plan.why]}`;
  const rest = plan.entries.some(({ hasRest }) => hasRest);
  const unnamed = plan.entries.reduce((sum, each) => sum + each.unnamed, 0);
  const who = plan.entries.some(({ recompose }) => recompose)
    ? 'composed once more, of the document as it is now'
    : [
        counted(devicesOf({ plan }), 'device'),
        ...(rest ? ['and recipients who never had their turn'] : []),
        ...(unnamed > 0
          ? [
              `not ${counted(unnamed, 'other')} that failed: the ledger had no room for which they are`,
            ]
          : []),
      ].join(', ');
  const missed = reopened === undefined ? 0 : plan.entries.length - reopened.length;
  return missed === 0
    ? `${printable(plan.type)}, ${who}`
    : `${printable(plan.type)}, ${who}; ${counted(missed, 'entry has', 'entries have')} changed meanwhile and ${missed === 1 ? 'stays as it is' : 'stay as they are'}`;
}

function devicesOf({ plan }: Pick<Outcome, 'plan'>): number {
  if (plan.kind === 'nothing') return 0;
  return plan.entries.reduce((sum, { devices }) => sum + devices, 0);
}
