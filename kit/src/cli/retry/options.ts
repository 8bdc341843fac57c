/** Reads the command line of `retry`; pure. */
import { readOptions, UsageError } from '../command';
import { DEPLOYMENT_HELP, DEPLOYMENT_OPTIONS, type DeploymentChoice } from '../deployment';
import { deliveryIdOf } from '../id-option';
import { timesOf } from '../time-option';

/** Entries that one call looks at: shards of a large delivery are entries, too. */
export const MAX_ENTRIES = 5_000;

/** Which deliveries are meant: one, or those of a time. Times are ms since 1970. */
export type Selection =
  | { readonly delivery: string }
  | { readonly since?: number; readonly until?: number; readonly kind?: string };

export interface RetryOptions {
  readonly selection: Selection;
  readonly deployment: DeploymentChoice;
  readonly apply: boolean;
  /** Also devices of which nobody knows whether they were reached. */
  readonly unknown: boolean;
  readonly isJson: boolean;
}

export const RETRY_HELP = `Usage: npx @firestore-push/push retry (--delivery ID | --since TIME) [options]

Sends failed deliveries again, to those devices only that were not reached: what a provider took is not sent again, and a device
that is gone is not tried again. Without --apply nothing is changed: it says what would be sent.

Which:
  --delivery ID         one delivery, by its id in the ledger, as why and the log have it
  --since TIME          all that were begun since then and of which something failed: 30m, 2h, 3d, or an ISO time
  --until TIME          only those that were begun until then
  --kind NAME           only those of this kind of notification, such as like; with --since

Options:
  --apply               does it; a real project has to be named by --project then
  --unknown             also devices of which nobody knows whether they were reached: they may hear of it twice
${DEPLOYMENT_HELP}  --json                prints JSON
  --help                this text

What is sent again begins within five minutes, with the next sweep, and lives as long as it would have, at least an hour. To ask
twice sends nothing twice. It uses the application default credentials and needs roles/datastore.viewer, and with --apply
roles/datastore.user.

Exit code: 0 if there was something to send again, 1 if there was nothing, 2 if it could not look.
`;

const OPTIONS = {
  ...DEPLOYMENT_OPTIONS,
  delivery: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  kind: { type: 'string' },
  apply: { type: 'boolean' },
  unknown: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/**
 * @param args the command line without the command's name.
 * @param now ms since 1970.
 * @throws {UsageError} naming the option, what was expected and what was got.
 */
export function readRetryOptions(args: readonly string[], now: number): RetryOptions {
  const { values } = readOptions(args, OPTIONS);
  const { apply = false, unknown = false, json: isJson = false } = values;
  return {
    selection: selectionOf(values, now),
    deployment: {
      project: values.project,
      instance: values.instance,
      emulators: values.emulators,
      mustBeNamed: apply,
    },
    apply,
    unknown,
    isJson,
  };
}

function selectionOf(
  {
    delivery,
    since,
    until,
    kind,
  }: Partial<Record<'delivery' | 'since' | 'until' | 'kind', string>>,
  now: number,
): Selection {
  if (delivery !== undefined) {
    if (since !== undefined || until !== undefined || kind !== undefined) {
      throw new UsageError('--delivery: expected without --since, --until and --kind.');
    }
    return { delivery: deliveryIdOf(delivery) };
  }
  if (since === undefined) {
    throw new UsageError('Expected --delivery ID or --since TIME, got neither.');
  }
  const times = timesOf({ since, until }, now);
  return { ...times, ...(kind === undefined ? {} : { kind }) };
}
