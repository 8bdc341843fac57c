/** Whether what should happen later does: the queues of tasks, and the schedules of the sweeps. */
import { deployFunctions, functionLogs, word } from '../commands';
import type { CloudFacts, Facts } from '../facts';
import { found, unread, type Finding } from '../finding';
import { isUnread, type Reading } from '../reading';
import { regionOfFunctions } from './functions';

/** The job of a scheduled function, as `firebase deploy` names it. */
export function jobName(functionId: string, region: string): string {
  return `firebase-schedule-${functionId}-${region}`;
}

export function queueFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const project = word(facts.projectId);
  const region = regionOfFunctions(facts, cloud) ?? '';
  return jobFindings(facts, cloud.queues, {
    fine: ['queues.running', `All ${cloud.queues.size} queues are running.`],
    unread: ['queues.unread', (id) => `Queue ${id}`],
    missing: [
      'queues.missing',
      (id) => `There is no queue ${id} in ${region}: its tasks cannot be enqueued.`,
    ],
    wrong: (id, { state }) => {
      if (state === 'RUNNING') return undefined;
      const text = `The queue ${id} is ${state || 'in no state'}, not RUNNING: its tasks wait.`;
      const fix = `gcloud tasks queues resume ${word(id)} --location ${region} --project ${project}`;
      return found('queues.stopped', text, fix);
    },
  });
}

export function scheduleFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const project = word(facts.projectId);
  const region = regionOfFunctions(facts, cloud) ?? '';
  return jobFindings(facts, cloud.schedules, {
    fine: ['schedules.enabled', `All ${cloud.schedules.size} schedules are enabled.`],
    unread: ['schedules.unread', (id) => `Schedule of ${id}`],
    missing: [
      'schedules.missing',
      (id) => `There is no schedule for ${id} in ${region}: it never runs.`,
    ],
    wrong: (id, { state, lastCode }) => {
      if (state !== 'ENABLED') {
        const job = word(jobName(id, region));
        const text = `The schedule of ${id} is ${state || 'in no state'}, not ENABLED: it does not run.`;
        const fix = `gcloud scheduler jobs resume ${job} --location ${region} --project ${project}`;
        return found('schedules.stopped', text, fix);
      }
      if (lastCode === 0) return undefined;
      const text = `The last run of ${id} failed (code ${lastCode} of google.rpc.Code).`;
      return found('schedules.failing', text, functionLogs(facts.projectId, id));
    },
  });
}

/** What is said of queues, or of schedules. */
interface Words<Value> {
  readonly fine: readonly ['queues.running' | 'schedules.enabled', text: string];
  readonly unread: readonly ['queues.unread' | 'schedules.unread', what: (id: string) => string];
  readonly missing: readonly ['queues.missing' | 'schedules.missing', text: (id: string) => string];
  readonly wrong: (id: string, value: Value) => Finding | undefined;
}

/** @param readings by the function's name in the package. */
function jobFindings<Value>(
  facts: Facts,
  readings: ReadonlyMap<string, Reading<Value>>,
  { fine, unread: [unreadCheck, what], missing: [missingCheck, absent], wrong }: Words<Value>,
): Finding[] {
  const findings = [...readings].flatMap(([name, reading]): Finding[] => {
    const id = `${facts.installation.prefix}${name}`;
    if (isUnread(reading)) return [unread(unreadCheck, what(id), reading, facts.projectId)];
    if (reading.kind === 'absent') {
      return [found(missingCheck, absent(id), deployFunctions(facts, [name]))];
    }
    const finding = wrong(id, reading.value);
    return finding === undefined ? [] : [finding];
  });
  if (findings.length > 0 || readings.size === 0) return findings;
  return [found(...fine)];
}
