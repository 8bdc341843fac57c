/**
 * What is deployed.
 */
import { redactConsole } from './log';

export { deleteAccount } from './callables/account';
export { listTopics, subscribeToTopic, unsubscribeFromTopic } from './callables/topics';
export { registerToken, unregisterAllTokens, unregisterToken } from './callables/tokens';
export { deliveryTasks, sweepDeliveries } from './delivery/functions';
export { claimTokens, forgetDeletedUser, sweepStaleDevices } from './lifecycle/functions';
export * from './notifications';
export { pushTasks, sendPush, sweepPushes } from './outbox/functions';
export { syncDeviceTopics } from './topics/functions';

redactConsole();
