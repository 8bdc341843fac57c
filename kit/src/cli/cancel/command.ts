/**
 * `npx @firestore-push/push cancel`: stops a delivery that is under way; a dry run unless told otherwise.
 */
import type { Cancelled } from '../../delivery/ledger-operator';
import { rootOf } from '../../delivery/entry-ids';
import { EXIT, readOptions, UsageError, type Command, type ExitCode } from '../command';
import {
  chooseDeployment,
  DEPLOYMENT_HELP,
  DEPLOYMENT_OPTIONS,
  placeOf,
  reading,
  WRITING_ROLE,
} from '../deployment';
import { deliveryIdOf } from '../id-option';
import { printable, printableJson } from '../printable';

const HELP = `Usage: npx @firestore-push/push cancel --delivery ID [options]

Stops a delivery that is under way, such as a large one with a mistake in it: no further part of it begins, what waits for a retry
is not tried again, and parts that are being sent at this moment end with their present step. What was sent stays sent. It cannot
be undone. Without --apply nothing is changed.

A scheduled push of the outbox that has not begun is cancelled in its own document instead: see docs/outbox.md.

Options:
  --delivery ID         the delivery, by its id in the ledger, as why, status and the log have it
  --apply               does it; a real project has to be named by --project then
${DEPLOYMENT_HELP}  --json                prints JSON
  --help                this text

It uses the application default credentials and needs roles/datastore.viewer, and with --apply roles/datastore.user.

Exit code: 0 if it was, or could be, cancelled, 1 if it is at its end already or there is none, 2 if it could not look.
`;

const OPTIONS = {
  ...DEPLOYMENT_OPTIONS,
  delivery: { type: 'string' },
  apply: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const cancelCommand: Command = {
  name: 'cancel',
  summary: 'Stops a delivery that is under way; says first what it would do.',
  help: HELP,
  run: async (args, surroundings): Promise<ExitCode> => {
    const { values } = readOptions(args, OPTIONS);
    const { apply = false, json: isJson = false } = values;
    const delivery = deliveryOf(values.delivery);
    const deployment = chooseDeployment(surroundings, { ...values, mustBeNamed: apply });
    const { openOperator } = await import('../open-operator.js');
    const found = await reading(
      surroundings,
      deployment,
      (collections) => {
        const operator = openOperator(collections, deployment.installation);
        return apply ? operator.cancel(delivery) : operator.planCancel(delivery);
      },
      apply ? WRITING_ROLE : undefined,
    );
    const { out } = surroundings;
    if (isJson) out(`${printableJson({ schema: 1, apply, delivery, ...found })}\n`);
    else {
      const place = `${placeOf(deployment)}, ${apply ? 'applied' : 'dry run'}.`;
      out(`${place}\n${printable(delivery)}: ${saidOf(found, apply)}\n`);
    }
    return found.kind === 'cancelled' ? EXIT.ok : EXIT.wrong;
  },
};

function deliveryOf(given: string | undefined): string {
  if (given === undefined) throw new UsageError('Expected --delivery ID, got nothing.');
  return rootOf(deliveryIdOf(given));
}

function saidOf(found: Cancelled, apply: boolean): string {
  switch (found.kind) {
    case 'not-found':
      return 'there is no such delivery. Look for it with: npx @firestore-push/push status';
    case 'final':
      return 'it is at its end, so that there is nothing to stop.';
    case 'cancelled': {
      const { delivered, recipients } = found.counts;
      const sofar = `${delivered.toLocaleString('en')} devices had it by then, of ${recipients.toLocaleString('en')} people whose turn had come.`;
      return apply
        ? `cancelled. ${sofar} What is being sent at this moment may reach more; how many had it in the end: npx @firestore-push/push why --delivery ID`
        : `would be cancelled. ${sofar} Nothing was changed; to do it, run it again with --apply.`;
    }
  }
}
