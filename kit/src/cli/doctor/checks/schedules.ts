/** Whether what should happen later does: the queues of tasks, and the schedules of the sweeps. */
import { deployFunctions } from '../commands';
import type { CloudFacts, Facts } from '../facts';
import { found, unread, word, type Finding } from '../finding';
import { isUnread, type Reading } from '../reading';
import { deployedOf } from './functions';
import { regionOf } from '../settings-facts';

/** The job of a scheduled function, as `firebase deploy` names it. */
export function jobName(functionId: string, region: string): string {
  return `firebase-schedule-${functionId}-${region}`;
}

/** Where queues and schedules are: with the functions, or where those are meant to be. */
export function regionOfFunctions(facts: Facts, cloud: CloudFacts): string {
  return deployedOf(facts, cloud)[0]?.region ?? regionOf(facts.settings.values) ?? '';
}

export function queueFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const project = word(facts.projectId);
  const region = regionOfFunctions(facts, cloud);
  return unlessFine(
    'queues.running',
    cloud.queues.size === 0 ? undefined : `All ${cloud.queues.size} queues are running.`,
    readingsOf(cloud.queues, (name, reading) => {
      const id = `${facts.installation.prefix}${name}`;
      if (isUnread(reading)) {
        return unread('queues.unread', `Queue ${id}`, reading, facts.projectId);
      }
      if (reading.kind === 'absent') {
        const text = `There is no queue ${id} in ${region}: its tasks cannot be enqueued.`;
        return found('queues.missing', text, deployFunctions(facts, [name]));
      }
      const { state } = reading.value;
      if (state === 'RUNNING') return undefined;
      const text = `The queue ${id} is ${state || 'in no state'}, not RUNNING: its tasks wait.`;
      const fix = `gcloud tasks queues resume ${word(id)} --location ${region} --project ${project}`;
      return found('queues.stopped', text, fix);
    }),
  );
}

export function scheduleFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const project = word(facts.projectId);
  const region = regionOfFunctions(facts, cloud);
  return unlessFine(
    'schedules.enabled',
    cloud.schedules.size === 0 ? undefined : `All ${cloud.schedules.size} schedules are enabled.`,
    readingsOf(cloud.schedules, (name, reading) => {
      const id = `${facts.installation.prefix}${name}`;
      if (isUnread(reading)) {
        return unread('schedules.unread', `Schedule of ${id}`, reading, facts.projectId);
      }
      if (reading.kind === 'absent') {
        const text = `There is no schedule for ${id} in ${region}: it never runs.`;
        return found('schedules.missing', text, deployFunctions(facts, [name]));
      }
      const { state, lastCode } = reading.value;
      const job = word(jobName(id, region));
      if (state !== 'ENABLED') {
        const text = `The schedule of ${id} is ${state || 'in no state'}, not ENABLED: it does not run.`;
        const fix = `gcloud scheduler jobs resume ${job} --location ${region} --project ${project}`;
        return found('schedules.stopped', text, fix);
      }
      if (lastCode === 0) return undefined;
      const text = `The last run of ${id} failed (code ${lastCode} of google.rpc.Code).`;
      return found(
        'schedules.failing',
        text,
        `firebase functions:log --only ${word(id)} --project ${project}`,
      );
    }),
  );
}

function readingsOf<Value>(
  readings: ReadonlyMap<string, Reading<Value>>,
  finding: (name: string, reading: Reading<Value>) => Finding | undefined,
): Finding[] {
  return [...readings].flatMap(([name, reading]) => finding(name, reading) ?? []);
}

function unlessFine(
  check: 'queues.running' | 'schedules.enabled',
  /** Undefined where nothing was there to look at. */
  text: string | undefined,
  findings: Finding[],
): Finding[] {
  if (findings.length > 0) return findings;
  return text === undefined ? [] : [found(check, text)];
}
