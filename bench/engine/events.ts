/** One event of each kind, as the platform hands it to the deployed functions. */

import type { Firestore } from '@google-cloud/firestore';
import { built, type Trigger } from '../built.ts';
import { userId } from './population.ts';

export function backendFirestore(): Firestore {
  return built('push').firestore();
}

let events = 0;

/** The ids of the deliveries that were begun since the last call, for the checks. */
const begun: string[] = [];

export function takeDeliveries(): string[] {
  return begun.splice(0);
}

function event(name: string, document: string, fields: object): object {
  events += 1;
  const id = `bench-${events}`;
  begun.push(`${name}-${id}`);
  const time = new Date().toISOString();
  const data = { exists: true, ref: { path: document }, data: () => fields };
  return { id, time, document, data };
}

/** User 0 likes the post of the `nth` user. */
export function tellOfLike(trigger: Trigger, nth: number): Promise<void> {
  return trigger.run(event('like', `posts/${userId(nth)}/likes/${userId(0)}`, {}));
}

/** User 0 writes into a chat. */
export function tellOfMessage(trigger: Trigger, chatId: string): Promise<void> {
  const fields = { senderId: userId(0), text: 'Who is in?' };
  const path = `chats/${chatId}/messages/m${events}`;
  return trigger.run(event('chatMessage', path, fields));
}

/** Everybody there is hears of it. */
export async function tellEveryone(): Promise<void> {
  const { complete } = built('model/notification/complete');
  const { delivery } = built('push');
  events += 1;
  const id = `news-bench-${events}`;
  begun.push(id);
  const composed = complete(
    { to: { everyone: true }, title: 'News', body: 'For everybody' },
    { type: 'news', deliveryId: id, eventTime: Date.now() },
  );
  await delivery().engine.deliver({ ...composed, id });
}
