/** Whether pushes reach Apple: with a key of one's own, or through FCM. */
import { deployFunctions, word } from '../commands';
import type { CloudFacts, Facts } from '../facts';
import { found, unread, type Finding } from '../finding';
import { isUnread } from '../reading';
import { deployedOf } from './functions';

/** The secret that `firebase deploy` makes of `APNS_KEY`: instances of a kit have each their own. */
export function apnsSecretName({ kind, id }: Pick<Facts['installation'], 'kind' | 'id'>): string {
  return kind === 'kit' ? `kit-${id}-APNS_KEY` : 'APNS_KEY';
}

export function apnsFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const { values } = facts.settings;
  if (!values['APNS_KEY_ID']) {
    const text =
      'APNS_KEY_ID is not set: iOS devices are reached through FCM, which needs your APNs key uploaded in the Firebase console. No API says whether it is.';
    const url = `https://console.firebase.google.com/project/${encodeURIComponent(facts.projectId)}/settings/cloudmessaging`;
    return [found('apns.through-fcm', text, `Look at ${url}`)];
  }
  return [...topicFindings(values), ...secretFindings(facts, cloud)];
}

function topicFindings(values: Readonly<Record<string, string>>): Finding[] {
  if (values['APNS_TOPIC']) return [];
  const text =
    'APNS_TOPIC is not set: native tokens of devices that were registered without an appId are not sent to.';
  const fix = 'Set APNS_TOPIC to the bundle id of your app in the .env and deploy again.';
  return [found('apns.no-topic', text, fix)];
}

function secretFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const name = apnsSecretName(facts.installation);
  const { projectId, settings } = facts;
  const set = `firebase functions:secrets:set ${word(name)} --data-file ${word(`AuthKey_${settings.values['APNS_KEY_ID'] ?? ''}.p8`)} --project ${word(projectId)}`;
  const secret = cloud.apnsSecret;
  if (secret === undefined) return [];
  if (isUnread(secret)) return [unread('apns.unread', `Secret ${name}`, secret, projectId)];
  if (secret.kind === 'absent') {
    return [found('apns.no-key', `APNS_KEY_ID is set, but there is no secret ${name}.`, set)];
  }
  if (secret.value === 0) {
    return [found('apns.no-version', `The secret ${name} has no enabled version.`, set)];
  }
  const without = deployedOf(facts, cloud).find(({ secrets }) => !secrets.includes('APNS_KEY'));
  if (without !== undefined) {
    const text = `${without.id} was deployed without the APNs key: APNS_KEY_ID was set afterwards.`;
    return [found('apns.not-deployed', text, deployFunctions(facts))];
  }
  return [found('apns.key', `The APNs key is in the secret ${name}.`)];
}
