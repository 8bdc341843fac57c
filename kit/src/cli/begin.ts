/** Who goes on with entries that were reopened: the sweep; and where nobody makes sweeps, in the emulators, a task for each. */
import { within } from '../model/within';
import type { Deployment } from './deployment';
import { emulatorAddresses } from './doctor/read-emulators';
import { regionOf } from './doctor/settings-facts';
import type { DeliveryTask } from '../delivery/tasks';
import type { Surroundings } from './command';

const WITHIN_MS = 10_000;
const DEFAULT_REGION = 'us-central1';
const BY_SWEEP = 'It begins within five minutes, with the next sweep.';

/** Has entries gone on with; returns when that begins, in words. */
export async function begin(
  { env }: Pick<Surroundings, 'env'>,
  { emulator, local, project, installation }: Deployment,
  entries: readonly string[],
  now: number,
): Promise<string> {
  if (emulator === undefined || entries.length === 0) return BY_SWEEP;
  const { functions } = emulatorAddresses(env, local.config);
  const region = regionOf(installation.settings) ?? DEFAULT_REGION;
  const url = `http://${functions}/${project}/${region}/${installation.prefix}deliveryTasks`;
  try {
    for (const delivery of entries) {
      const task: DeliveryTask = { kind: 'resume', delivery, lease: now };
      await within(WITHIN_MS, () => post(url, task), 'no answer');
    }
    return 'It has begun.';
  } catch (error) {
    return `It has not begun: emulators make no sweeps, and ${url} could not be asked (${(error as Error).message}).`;
  }
}

async function post(url: string, task: DeliveryTask): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: task }),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}
