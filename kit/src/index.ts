/**
 * The functions that the kit deploys, and everything of `./lib`.
 *
 * @packageDocumentation
 */
import { afterFirstDeploy } from 'firebase-functions/lifecycle';
import { requiresAPI, requiresRole } from 'firebase-functions/v2';
import { consumeAppCheckToken, isKit } from './config';
import { redactConsole } from './log';
import { requirements } from './requirements';

export { deleteAccount } from './callables/account';
export { getPreferences, setPreferences } from './callables/preferences';
export {
  registerToken,
  unregisterAllTokens,
  unregisterToken,
  type RegistrationAnswer,
} from './callables/tokens';
export {
  listTopics,
  subscribeToTopic,
  unsubscribeFromTopic,
  type TopicAnswer,
} from './callables/topics';
export { backfillDryRun } from './triggers/backfill';
export { deliveryTasks, sweepDeliveries } from './triggers/delivery';
export { claimTokens, forgetDeletedUser, sweepStaleDevices } from './triggers/devices';
export { pushTasks, sendPush, sweepPushes } from './triggers/outbox';
export { syncDeviceTopics } from './triggers/topics';
export type {
  DeliveryWay,
  KindPreference,
  MutedTarget,
  PreferencesAnswer,
  QuietDay,
} from './client';
export type { AddressKind } from './model/address';
export * from './lib';

redactConsole();

const { roles, apis } = requirements({ consumesAppCheckTokens: consumeAppCheckToken });
for (const { role } of roles) requiresRole(role);
for (const { api, reason } of apis) requiresAPI(api, reason);
// A codebase has one such hook at most, so that in one of a team's own it is theirs to say.
if (isKit) afterFirstDeploy({ task: { function: 'backfillDryRun', body: { data: {} } } });
