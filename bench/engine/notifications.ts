/** The two notifications that are measured: what an app's own like and chat message come to. */

import type * as Zod from 'zod';
import { built, dependency, type Trigger } from '../built.ts';

/** @returns triggers as they are deployed, on the state of the compiled kit. */
export function measuredTriggers(): Readonly<Record<'like' | 'chatMessage', Trigger>> {
  const z = dependency<typeof Zod>('zod');
  const { defineNotification } = built('triggers/notification');
  const { at } = built('catalogue/reader');
  const person = z.object({ displayName: z.string() });
  return {
    like: defineNotification({
      name: 'like',
      document: 'posts/{postId}/likes/{likerId}',
      schema: z.object({}),
      async compose({ params: { postId, likerId }, reader }) {
        const post = await reader.get(at`posts/${postId}`, z.object({ ownerId: z.string() }));
        const liker = await reader.get(at`users/${likerId}`, person);
        if (post === undefined || liker === undefined) return null;
        const title = `${liker.displayName} liked your post`;
        return { to: post.ownerId, actor: likerId, title, data: { postId } };
      },
    }),
    chatMessage: defineNotification({
      name: 'chatMessage',
      document: 'chats/{chatId}/messages/{messageId}',
      schema: z.object({ senderId: z.string(), text: z.string() }),
      async compose({ params: { chatId }, document: { senderId, text }, reader }) {
        const chat = z.object({ participants: z.array(z.string()).optional() });
        const [room, sender] = await Promise.all([
          reader.get(at`chats/${chatId}`, chat),
          reader.get(at`users/${senderId}`, person),
        ]);
        if (room === undefined || sender === undefined) return null;
        return {
          to: room.participants ?? { members: `chats/${chatId}/members` },
          actor: senderId,
          title: sender.displayName,
          body: text,
          data: { chatId },
        };
      },
    }),
  };
}
