/** Whether the project is there, with the APIs that the functions call; and what nobody can see from here. */
import { enableApi, word } from '../commands';
import { apisNeeded } from '../expected';
import type { CloudFacts, Facts } from '../facts';
import { found, listed, unread, type Finding } from '../finding';
import { isUnread } from '../reading';

export function projectFindings({ projectId }: Facts, { project }: CloudFacts): Finding[] {
  if (project.kind === 'absent') {
    const text = `There is no project ${projectId}, or your account does not see it.`;
    return [found('project.absent', text, 'gcloud projects list')];
  }
  if (isUnread(project)) {
    return [unread('project.unread', `Project ${projectId}`, project, projectId)];
  }
  const { state } = project.value;
  if (state === 'ACTIVE') return [found('project.found', `Project ${projectId} is active.`)];
  const text = `Project ${projectId} is in the state ${state || 'unknown'}, not ACTIVE.`;
  return [found('project.inactive', text, `gcloud projects undelete ${word(projectId)}`)];
}

export function apiFindings({ projectId, settings }: Facts, { apis }: CloudFacts): Finding[] {
  const needed = apisNeeded(settings.values).flatMap((api) => {
    const reading = apis.get(api);
    return reading === undefined ? [] : [{ api, reading }];
  });
  const missing = needed.filter(
    ({ reading }) => reading.kind === 'absent' || (reading.kind === 'known' && !reading.value),
  );
  const findings = missing.map(({ api }) =>
    found('apis.disabled', `The API ${api} is not enabled.`, enableApi(projectId, api)),
  );
  const unreadable = needed.flatMap(({ api, reading }) =>
    isUnread(reading) ? [{ api, reading }] : [],
  );
  const [first] = unreadable;
  if (first !== undefined) {
    const names = listed(unreadable.map(({ api }) => api));
    findings.push(unread('apis.unread', `Enabled APIs (${names})`, first.reading, projectId));
  }
  if (findings.length > 0) return findings;
  return [found('apis.enabled', `All ${needed.length} APIs that the functions call are enabled.`)];
}

export function costFindings({ projectId }: Facts): Finding[] {
  return [
    found(
      'cost.budget',
      'Whether a budget alert is set cannot be seen without rights on the billing account.',
      `Set one: https://console.cloud.google.com/billing/linkedaccount?project=${encodeURIComponent(projectId)}`,
    ),
  ];
}
