/**
 * A message in a chat: tell everybody in it but the sender.
 */
import * as z from 'zod';
import { defineNotification } from '../delivery/define-notification';
import { imageUrl, optionalText } from './fields';
import { nameOf } from './person';

/** Small chats list their participants; large rooms keep them as documents, `chats/{chatId}/members/{uid}`. */
const chat = z.object({
  participants: z.array(z.string()).optional(),
  title: optionalText,
});

export const notifyChatMessage = defineNotification({
  name: 'chatMessage',
  document: 'chats/{chatId}/messages/{messageId}',
  schema: z.object({
    senderId: z.string(),
    text: z.string(),
    imageUrl,
  }),
  async compose({ params: { chatId, messageId }, document, reader }) {
    const { senderId, text, imageUrl: image } = document;
    const [room, sender] = await Promise.all([
      reader.get(`chats/${chatId}`, chat),
      nameOf(senderId, reader),
    ]);
    if (room === undefined) return null;
    return {
      to: room.participants ?? { members: `chats/${chatId}/members` },
      actor: senderId,
      title:
        room.title === undefined
          ? sender
          : { key: 'chat.roomTitle', args: { name: sender, room: room.title } },
      body: text,
      image,
      data: { chatId, messageId, senderId },
      requiredData: ['chatId', 'messageId'],
      link: `/chats/${chatId}`,
      threadId: `chat-${chatId}`,
    };
  },
});
