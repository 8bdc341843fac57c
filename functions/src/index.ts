/**
 * What is deployed.
 */
import { redactConsole } from '../../kit/src/log';

export { deleteAccount } from '../../kit/src/callables/account';
export { listTopics, subscribeToTopic, unsubscribeFromTopic } from '../../kit/src/callables/topics';
export { registerToken, unregisterAllTokens, unregisterToken } from '../../kit/src/callables/tokens';
export { deliveryTasks, sweepDeliveries } from '../../kit/src/triggers/delivery';
export { claimTokens, forgetDeletedUser, sweepStaleDevices } from '../../kit/src/triggers/devices';
export * from './notifications';
export { pushTasks, sendPush, sweepPushes } from '../../kit/src/triggers/outbox';
export { syncDeviceTopics } from '../../kit/src/triggers/topics';

redactConsole();
