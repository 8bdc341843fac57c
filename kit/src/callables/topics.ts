/**
 * What an app calls about topics: join one, leave one, list them. See docs/topics.md.
 */
import { HttpsError } from 'firebase-functions/https';
import { enforceAppCheck, functionOptions } from '../config';
import { logTopicChanged } from '../log';
import { topics } from '../push';
import { MAX_TOPICS_PER_DEVICE } from '../topics/topic-store';
import { callable } from './callable';
import { asHttpsErrors, admitCaller } from './caller';
import { checkedInput, nothingSchema, topicSchema } from './input';

/** What `subscribeToTopic` and `unsubscribeFromTopic` answer. */
export interface TopicAnswer {
  /** How many devices are in the topic now, or out of it. */
  readonly devices: number;
  /** How many have native APNs tokens, which FCM's topics do not take. */
  readonly unsupported: number;
}

/**
 * Puts the caller's devices into a topic: all of them, or the one with `address`. Idempotent; it takes effect at FCM within seconds.
 *
 * @throws {HttpsError} `permission-denied` for a topic that is not open; `failed-precondition` if no device could join.
 */
export const subscribeToTopic = callable(
  'subscribeToTopic',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<TopicAnswer> => {
    const uid = admitCaller(request);
    const { topic, address } = checkedInput(topicSchema, request.data);
    return asHttpsErrors('subscribeToTopic', uid, listed(address), async () => {
      if (!topics().isOpen(topic)) {
        throw new HttpsError(
          'permission-denied',
          'This topic is not open to users: list it in configurePush({ topics }), or allow it with TOPICS_ALLOWED.',
        );
      }
      return change(uid, topic, true, address);
    });
  },
);

/** Removes the caller's devices from a topic, all of them or the one with `address`. Idempotent; works for any topic. */
export const unsubscribeFromTopic = callable(
  'unsubscribeFromTopic',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<TopicAnswer> => {
    const uid = admitCaller(request);
    const { topic, address } = checkedInput(topicSchema, request.data);
    return asHttpsErrors('unsubscribeFromTopic', uid, listed(address), () =>
      change(uid, topic, false, address),
    );
  },
);

/** Lists the topics of the caller's devices by name, and how many devices are in each. */
export const listTopics = callable(
  'listTopics',
  { ...functionOptions, enforceAppCheck },
  async (request): Promise<{ topics: { topic: string; devices: number }[] }> => {
    const uid = admitCaller(request);
    checkedInput(nothingSchema, request.data);
    return asHttpsErrors('listTopics', uid, [], async () => ({
      topics: await topics().store.list(uid),
    }));
  },
);

async function change(
  uid: string,
  topic: string,
  subscribed: boolean,
  address: string | undefined,
): Promise<TopicAnswer> {
  const changed = await topics().store.change(uid, topic, subscribed, address);
  if (changed === undefined) {
    throw new HttpsError(
      'not-found',
      'This device is not yours: register it first, with registerToken.',
    );
  }
  const { devices, unsupported, full } = changed;
  logTopicChanged(uid, topic, subscribed, changed);
  if (subscribed && devices === 0) throw nobodyJoined(unsupported, full);
  return { devices, unsupported };
}

function nobodyJoined(unsupported: number, full: number): HttpsError {
  if (full > 0) {
    return new HttpsError(
      'resource-exhausted',
      `A device can join at most ${MAX_TOPICS_PER_DEVICE} topics: leave one first.`,
    );
  }
  return new HttpsError(
    'failed-precondition',
    unsupported > 0
      ? 'Native APNs tokens cannot join topics: register the FCM registration token of the device as well.'
      : 'There is no device to join: register it first, with registerToken.',
  );
}

function listed(address: string | undefined): string[] {
  return address === undefined ? [] : [address];
}
