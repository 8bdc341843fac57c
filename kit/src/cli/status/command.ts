/**
 * `npx @firestore-push/push status`: how deliveries stand, in numbers. It only reads.
 */
import { EXIT, readOptions, type Command } from '../command';
import {
  chooseDeployment,
  DEPLOYMENT_HELP,
  DEPLOYMENT_OPTIONS,
  placeOf,
  reading,
} from '../deployment';
import { jsonReport, textReport } from './show';

const HELP = `Usage: npx @firestore-push/push status [options]

Says how deliveries stand: what is not final and for how long, what waits for a retry or for its time, how far large
deliveries are and when they will be done, and what failed in the last hour and in the last 24. It only reads: counts, and
at most a few thousand documents.

Options:
${DEPLOYMENT_HELP}  --json                prints JSON
  --help                this text

It uses the application default credentials (gcloud auth application-default login) and needs roles/datastore.viewer.

Exit code: 0, and 2 if it could not look.
`;

export const statusCommand: Command = {
  name: 'status',
  summary: 'Says how deliveries stand: backlog, retries, large deliveries, what failed.',
  help: HELP,
  run: async (args, surroundings) => {
    const { values } = readOptions(args, { ...DEPLOYMENT_OPTIONS, json: { type: 'boolean' } });
    const { env, out, isTerminal = false } = surroundings;
    const deployment = chooseDeployment(surroundings, values);
    const { readNumbers } = await import('./read-numbers.js');
    const numbers = await reading(surroundings, deployment, (collections) =>
      readNumbers(collections, Date.now()),
    );
    const report = {
      place: placeOf(deployment),
      project: deployment.project,
      emulator: deployment.emulator,
      database: deployment.names.database,
      numbers,
    };
    const isColoured = isTerminal && !env['NO_COLOR'];
    out(values.json === true ? jsonReport(report) : textReport(report, isColoured));
    return EXIT.ok;
  },
};
