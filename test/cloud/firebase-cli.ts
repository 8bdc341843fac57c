/**
 * What `firebase deploy` does to functions and queues, as the CLI's source has it (firebase-tools 15.34, `lib/gcp/cloudtasks.js` and
 * `lib/deploy/functions/release/fabricator.js`): a function that is not in the source any more goes and its queue is disabled; a
 * queue that is not there is created; one that is disabled is purged; and every queue is told to run, also one that was paused.
 */
import type { Cloud } from './cloud.ts';
import type { Instance } from './fleet.ts';

/** Deploys all functions but these; the instances before it stay, and get nothing new. */
export async function deploy(
  { fleet, tasks }: Cloud,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Promise<Instance> {
  fleet.deleted.clear();
  const instance = await fleet.boot();
  for (const [name, { taskQueueTrigger }] of Object.entries(fleet.endpoints)) {
    if (without.includes(name)) fleet.deleted.add(name);
    if (taskQueueTrigger === undefined) continue;
    if (without.includes(name)) {
      tasks.pause(name, 'disabled');
      continue;
    }
    if (tasks.stateOf(name) === 'disabled') tasks.purge(name);
    tasks.resume(name);
  }
  return instance;
}
