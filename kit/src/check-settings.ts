/**
 * Refuses settings that cannot work, wherever they stand: in the environment of what is deployed, or in a `.env` file.
 */
import { imagePolicy } from './model/notification/image-url';
import { siteUrl } from './model/notification/web-link';
import { settingProblems } from './model/settings';
import { timeZone } from './model/time-zone';
import { collectionProblemIn } from './names';
import { apnsConfig } from './providers/apns/from-env';
import { appleId } from './providers/apns/key';
import { maxInstances, minInstances, SETTINGS, valueIn } from './settings';
import { topicPolicy } from './topics/policy';

type Values = Readonly<Record<string, string | undefined>>;

/** What each setting may be, by its name. */
const ALLOWED = new Map(SETTINGS.map(({ name, allowed }) => [name, allowed]));

/**
 * Refuses settings that cannot work. What stands in `functions/.env` is in the environment when code is looked into, so that
 * `firebase deploy` ends with this message before it changes anything.
 *
 * @throws naming every setting that is wrong.
 */
export function checkSettings(values: Values): void {
  const problems = settingProblems(ALLOWED, values);
  if (problems.length > 0) throw new Error(`Wrong settings:\n${problems.join('\n')}`);
  siteUrl(values['SITE_URL'] ?? '');
  imagePolicy(values['IMAGE_HOSTS'] ?? '');
  timeZone(values['DEFAULT_TIME_ZONE'] || 'UTC');
  topicPolicy(values['TOPICS_ALLOWED'] ?? '', []);
  checkCollections(values);
  checkInstances(values);
  checkApple(values);
}

/** Two kinds of documents in one collection would be taken for each other. */
function checkCollections(values: Values): void {
  const problem = collectionProblemIn(values);
  if (problem !== undefined) throw new Error(problem);
}

/** The platform refuses it, but only function by function, in the middle of a deploy. */
function checkInstances(values: Values): void {
  const least = Number(valueIn(values, minInstances));
  const most = Number(valueIn(values, maxInstances));
  if (least <= most) return;
  throw new Error(`MIN_INSTANCES: expected at most MAX_INSTANCES, which is ${most}, got ${least}.`);
}

/** A wrong id would fail every push, FCM's as well. The key itself is a secret, which is not there yet. */
function checkApple(values: Values): void {
  const apns = apnsConfig(values);
  if (apns?.key === undefined) return;
  appleId('APNS_KEY_ID', apns.keyId);
  appleId('APNS_TEAM_ID', apns.teamId);
}
