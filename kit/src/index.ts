/**
 * The functions that the kit deploys, and everything of `./lib`.
 */
import { redactConsole } from './log';

export { deleteAccount } from './callables/account';
export { registerToken, unregisterAllTokens, unregisterToken } from './callables/tokens';
export { listTopics, subscribeToTopic, unsubscribeFromTopic } from './callables/topics';
export { deliveryTasks, sweepDeliveries } from './triggers/delivery';
export { claimTokens, forgetDeletedUser, sweepStaleDevices } from './triggers/devices';
export { pushTasks, sendPush, sweepPushes } from './triggers/outbox';
export { syncDeviceTopics } from './triggers/topics';
export * from './lib';

redactConsole();
