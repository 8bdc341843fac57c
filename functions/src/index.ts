/**
 * What is deployed.
 */
export { registerToken, unregisterToken } from './callables/tokens';
export { deliveryTasks, sweepDeliveries } from './delivery/functions';
export * from './notifications';
