/**
 * `npx @firestore-push/push retry`: sends failed deliveries again to whoever was not reached; a dry run unless told otherwise.
 */
import { forEachBounded } from '../../model/concurrency';
import { begin } from '../begin';
import { EXIT, type Command, type ExitCode, type Surroundings } from '../command';
import { chooseDeployment, placeOf, reading, WRITING_ROLE } from '../deployment';
import { readRetryOptions, RETRY_HELP } from './options';
import { jsonReport, textReport, type Outcome } from './show';

/** Deliveries looked at at once. */
const AT_ONCE = 10;

export const retryCommand: Command = {
  name: 'retry',
  summary:
    'Sends failed deliveries again, to those only who were not reached; says first what it would do.',
  help: RETRY_HELP,
  run,
};

async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const now = Date.now();
  const { selection, deployment: choice, apply, unknown, isJson } = readRetryOptions(args, now);
  const deployment = chooseDeployment(surroundings, choice);
  const [{ openOperator }, { select }] = await Promise.all([
    import('../open-operator.js'),
    import('./select.js'),
  ]);
  const { outcomes, isCut } = await reading(
    surroundings,
    deployment,
    async (collections) => {
      const operator = openOperator(collections, deployment.installation);
      const selected = await select(collections, selection);
      const found = new Array<Outcome>(selected.deliveries.length);
      await forEachBounded(found.length, AT_ONCE, async (index) => {
        const delivery = selected.deliveries[index] as string;
        const plan = await operator.planRetry(delivery, { now, unknown });
        found[index] =
          apply && plan.kind === 'retry'
            ? { delivery, plan, reopened: await operator.retry(delivery, { now, unknown }) }
            : { delivery, plan };
      });
      // Of a time only what can be sent again is worth a line; of one that was named, why it is not.
      const isNamed = 'delivery' in selection;
      const told = found.filter(({ plan }) => isNamed || plan.kind === 'retry');
      return { outcomes: told, isCut: selected.isCut };
    },
    apply ? WRITING_ROLE : undefined,
  );
  const reopened = outcomes.flatMap((outcome) => outcome.reopened ?? []);
  const report = {
    place: placeOf(deployment),
    apply,
    outcomes,
    isCut,
    begins: await begin(surroundings, deployment, reopened, now),
  };
  surroundings.out(isJson ? jsonReport(report) : textReport(report));
  return outcomes.some(({ plan }) => plan.kind === 'retry') ? EXIT.ok : EXIT.wrong;
}
