import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { checkSettings, params } from '../../kit/src/config';
import * as deployed from '.';
import { ALLOWED } from '../../kit/src/model/allowed-settings';
import { functionRegion } from '../../kit/src/model/region';
import * as catalogue from './notifications';

interface Manifest {
  readonly platform: string;
  readonly region: unknown;
  readonly [trigger: string]: unknown;
}

/** What `firebase deploy` reads of each export, with params as their expressions. */
const surface = Object.fromEntries(
  Object.entries(deployed).map(([name, fn]) => {
    const { __endpoint: endpoint } = fn as unknown as { __endpoint: Manifest };
    // Params serialise to their names.
    const plain: unknown = JSON.parse(JSON.stringify(endpoint));
    return [name, plain as Manifest];
  }),
);

const created = 'google.cloud.firestore.document.v1.created';

describe('the deploy surface', () => {
  it('is these functions and the catalogue’s, and no others', () => {
    const others = Object.keys(surface).filter((name) => !Object.hasOwn(catalogue, name));
    expect(Object.keys(surface)).toEqual(expect.arrayContaining(Object.keys(catalogue)));
    expect(others.sort()).toEqual([
      'claimTokens',
      'deleteAccount',
      'deliveryTasks',
      'forgetDeletedUser',
      'listTopics',
      'pushTasks',
      'registerToken',
      'sendPush',
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

  it('is 2nd gen, in one region', () => {
    for (const { platform, region } of Object.values(surface)) {
      expect({ platform, region }).toEqual({ platform: 'gcfv2', region: ['us-central1'] });
    }
  });

  it.each([
    ['notifyLike', 'posts/{postId}/likes/{likerId}'],
    ['notifyComment', 'posts/{postId}/comments/{commentId}'],
    ['notifyFollow', 'follows/{followId}'],
    ['notifyChatMessage', 'chats/{chatId}/messages/{messageId}'],
  ])('%s fires when %s is created, and again if it failed', (name, document) => {
    expect(surface[name]).toMatchObject({
      eventTrigger: {
        eventType: created,
        eventFilterPathPatterns: { document },
        retry: true,
      },
    });
  });

  it.each([
    ['sendPush', 'pushes/{pushId}'],
    ['syncDeviceTopics', 'devices/{deviceId}'],
  ])('%s fires when %s is written, and again if it failed', (name, document) => {
    expect(surface[name]).toMatchObject({
      eventTrigger: {
        eventType: 'google.cloud.firestore.document.v1.written',
        eventFilterPathPatterns: { document },
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
  ])('%s is a callable', (name) => {
    expect(surface[name]).toMatchObject({ callableTrigger: {} });
  });

  it('deliveryTasks is a queue whose tasks come again, at a rate below FCM’s quota', () => {
    expect(surface.deliveryTasks).toMatchObject({
      taskQueueTrigger: {
        retryConfig: { maxAttempts: 100, minBackoffSeconds: 10, maxBackoffSeconds: 600 },
        rateLimits: {
          maxDispatchesPerSecond: 'params.TASKS_PER_SECOND',
          maxConcurrentDispatches: 'params.TASKS_AT_ONCE',
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

describe('functions/.env', () => {
  it('gives every param a value that is allowed, so that a deploy asks nothing', () => {
    const given = parseEnv(readFileSync(join(__dirname, '../.env'), 'utf8'));
    expect(Object.keys(given).sort()).toEqual(params.map(({ name }) => name).sort());
    expect(() => {
      checkSettings(given);
      functionRegion(given.REGION ?? '');
    }).not.toThrow();
  });

  it('comes with a description of every param', () => {
    for (const { name, options } of params) {
      expect({ name, description: options.description }).toEqual({
        name,
        description: expect.stringMatching(/.{20,}/) as string,
      });
    }
  });

  it('has no number and no switch whose values are not checked', () => {
    const names = params
      .filter(({ options }) => typeof options.default !== 'string')
      .map(({ name }) => name);
    expect([...ALLOWED.keys()].sort()).toEqual(names.sort());
  });
});
