/**
 * `npx @firestore-push/push why`: why somebody got a push or not, from the write of a document to each device. It only reads.
 */
import { EXIT, type Command, type ExitCode, type Surroundings } from '../command';
import { chooseDeployment, reading } from '../deployment';
import { readWhyOptions, WHY_HELP } from './options';
import { jsonReport, textReport } from './show';
import type { Story } from './story';

export const whyCommand: Command = {
  name: 'why',
  summary: 'Says why somebody got a push or not: from the write of a document to each device.',
  help: WHY_HELP,
  run,
};

async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const now = Date.now();
  const { question, deployment: choice, isJson, isFull } = readWhyOptions(args, now);
  const { env, out, isTerminal = false } = surroundings;
  const deployment = chooseDeployment(surroundings, choice);
  const { investigate } = await import('./investigate.js');
  const report = await reading(surroundings, deployment, (collections) =>
    investigate(collections, deployment, question, now),
  );
  const isColoured = isTerminal && !env['NO_COLOR'];
  out(isJson ? jsonReport(report) : textReport(report, { isColoured, isFull }));
  return exitOf(report.stories);
}

function exitOf(stories: readonly Pick<Story, 'state'>[]): ExitCode {
  if (stories.length === 0) return EXIT.wrong;
  return stories.some(({ state }) => state === 'under-way') ? EXIT.underWay : EXIT.ok;
}
