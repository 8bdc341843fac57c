/** Answers a question from a deployment's Firestore: what was found, told, and how all that stands now. */
import { ledgerDays, recordNobodySetting, valueIn } from '../../settings';
import type { Collections } from '../../store/collections';
import { placeOf, type Deployment } from '../deployment';
import { factsOf, hintsFor, type Place } from './facts';
import { find } from './find';
import type { Question } from './options';
import { tellPush } from './push-story';
import type { Findings } from './record';
import type { Report } from './show';
import type { Story } from './story';
import { tellAll } from './tell';

/** @param now ms since 1970. */
export async function investigate(
  collections: Collections,
  deployment: Deployment,
  question: Question,
  now: number,
): Promise<Report> {
  const findings = await find(collections, question, now);
  const place = placeFor(deployment);
  const stories = storiesOf(findings, now);
  const isTold = new Set(stories.map(({ delivery }) => delivery));
  return {
    place: place.words,
    project: deployment.project,
    emulator: deployment.emulator,
    database: deployment.names.database,
    question,
    stories,
    unnamed: findings.unnamed.filter(({ delivery }) => !isTold.has(delivery)),
    facts: factsOf(findings, place),
    hints: stories.length === 0 ? hintsFor(question, findings, place, now) : [],
    cut: findings.cut,
  };
}

function storiesOf(findings: Findings, now: number): Story[] {
  const stories = tellAll(findings, now);
  if (stories.length > 0 || findings.document === undefined) return stories;
  // A push that waits, or is not as it has to be, has no delivery.
  const push = tellPush(findings.document, now);
  return push === undefined ? [] : [push];
}

function placeFor(deployment: Deployment): Place {
  const { names, installation } = deployment;
  const { settings } = installation;
  return {
    words: placeOf(deployment).replace('Project', 'project'),
    database: names.database,
    users: names.users,
    ledgerDays: Number(valueIn(settings, ledgerDays)),
    recordNobody: valueIn(settings, recordNobodySetting),
  };
}
