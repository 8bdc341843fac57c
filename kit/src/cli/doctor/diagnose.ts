/**
 * What facts mean: every line of the report, in its order; pure.
 */
import { apnsFindings } from './checks/apns';
import { appCheckFindings } from './checks/app-check';
import { deliveryFindings } from './checks/deliveries';
import { emulatorFindings } from './checks/emulators';
import { firestoreFindings } from './checks/firestore';
import { functionFindings } from './checks/functions';
import { apiFindings, costFindings, projectFindings } from './checks/project';
import { roleFindings } from './checks/roles';
import { queueFindings, scheduleFindings } from './checks/schedules';
import { settingFindings } from './checks/settings';
import { versionFindings } from './checks/version';
import type { Facts } from './facts';
import type { Finding } from './finding';

export function diagnose(facts: Facts): Finding[] {
  const { world } = facts;
  if (world.kind === 'emulators') {
    return [
      ...emulatorFindings(facts, world),
      ...settingFindings(facts),
      ...deliveryFindings(facts),
    ];
  }
  // Nothing of a project that is not there is worth a line.
  if (world.project.kind === 'absent') {
    return [...projectFindings(facts, world), ...settingFindings(facts)];
  }
  const cloudChecks = [
    projectFindings,
    apiFindings,
    functionFindings,
    versionFindings,
    roleFindings,
    firestoreFindings,
    queueFindings,
    scheduleFindings,
  ];
  return [
    ...cloudChecks.flatMap((check) => check(facts, world)),
    ...settingFindings(facts),
    ...apnsFindings(facts, world),
    ...appCheckFindings(facts, world),
    ...deliveryFindings(facts),
    ...costFindings(facts),
  ];
}
