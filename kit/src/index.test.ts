import * as deployed from '.';
import * as lib from './lib';
import { manifestOf } from './testing/manifest';

/** What `firebase deploy` reads of each export, with params as their expressions. */
const surface = Object.fromEntries(
  Object.entries(deployed)
    .filter(([name]) => !Object.hasOwn(lib, name))
    .map(([name, fn]) => [name, manifestOf(fn)]),
);

describe('the deploy surface', () => {
  it('is these functions, and no others', () => {
    expect(Object.keys(surface).sort()).toEqual([
      'backfillDryRun',
      'claimTokens',
      'deleteAccount',
      'deliveryTasks',
      'forgetDeletedUser',
      'getPreferences',
      'listTopics',
      'pushTasks',
      'registerToken',
      'sendPush',
      'setPreferences',
      'subscribeToTopic',
      'sweepDeliveries',
      'sweepPushes',
      'sweepStaleDevices',
      'syncDeviceTopics',
      'unregisterAllTokens',
      'unregisterToken',
      'unsubscribeFromTopic',
    ]);
  });

  it('is 2nd gen, in one region where nobody says any', () => {
    for (const { platform, region } of Object.values(surface)) {
      expect({ platform, region }).toEqual({ platform: 'gcfv2', region: ['us-central1'] });
    }
  });

  it.each([
    ['sendPush', '{{ params.PUSHES_COLLECTION }}/{pushId}'],
    ['syncDeviceTopics', '{{ params.DEVICES_COLLECTION }}/{deviceId}'],
    ['claimTokens', '{{ params.USERS_COLLECTION }}/{uid}'],
  ])('%s fires when %s is written, and again if it failed', (name, document) => {
    expect(surface[name]).toMatchObject({
      eventTrigger: {
        eventType: 'google.cloud.firestore.document.v1.written',
        eventFilterPathPatterns: { document },
        eventFilters: { database: '{{ params.DATABASE }}' },
        retry: true,
      },
    });
  });

  it('pushTasks is a queue of its own, so that pushes that wait keep no place from deliveries', () => {
    expect(surface.pushTasks).toMatchObject({
      taskQueueTrigger: {
        retryConfig: { maxAttempts: 100, minBackoffSeconds: 10, maxBackoffSeconds: 600 },
        rateLimits: { maxConcurrentDispatches: 100 },
      },
    });
  });

  it.each([
    ['registerToken'],
    ['unregisterToken'],
    ['subscribeToTopic'],
    ['unsubscribeFromTopic'],
    ['listTopics'],
    ['getPreferences'],
    ['setPreferences'],
  ])('%s is a callable', (name) => {
    expect(surface[name]).toMatchObject({ callableTrigger: {} });
  });

  it('deliveryTasks is a queue whose tasks come again, at a rate below FCM’s quota', () => {
    expect(surface.deliveryTasks).toMatchObject({
      taskQueueTrigger: {
        retryConfig: { maxAttempts: 100, minBackoffSeconds: 10, maxBackoffSeconds: 600 },
        rateLimits: {
          maxDispatchesPerSecond: '{{ params.TASKS_PER_SECOND }}',
          maxConcurrentDispatches: '{{ params.TASKS_AT_ONCE }}',
        },
      },
    });
  });

  it.each([['sweepDeliveries'], ['sweepPushes']])('%s runs every few minutes', (name) => {
    expect(surface[name]).toMatchObject({
      scheduleTrigger: { schedule: 'every 5 minutes' },
    });
  });
});
