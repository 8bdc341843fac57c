import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { params } from './config';
import * as deployed from './index';
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

  it('is 2nd gen, in the region of the param', () => {
    for (const { platform, region } of Object.values(surface)) {
      expect({ platform, region }).toEqual({ platform: 'gcfv2', region: 'params.REGION' });
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
  it('gives every param its default, so that a deploy asks nothing', () => {
    const text = readFileSync(join(__dirname, '../.env'), 'utf8');
    const given = Object.fromEntries(
      text
        .split('\n')
        .filter((line) => /^\w+=/.test(line))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    const expected = params.map(({ name, options }) => [
      name,
      `${options.default as string | number | boolean}`,
    ]);
    expect(given).toEqual(Object.fromEntries(expected));
  });

  it('comes with a description of every param', () => {
    for (const { name, options } of params) {
      expect({ name, description: options.description }).toEqual({
        name,
        description: expect.stringMatching(/.{20,}/) as string,
      });
    }
  });
});
