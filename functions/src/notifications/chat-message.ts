/**
 * A message in a chat: tell everybody in it but the sender. Whoever is only invited is not in it.
 */
import {
  at,
  defineNotification,
  InvalidInputError,
  linkTo,
  nobody,
  showable,
  type Text,
} from '@firestore-push/push/lib';
import * as z from 'zod';
import { imageUrl, optionalText } from './fields';
import { nameOf } from './person';

/** Small chats list their participants; large rooms keep them as documents, `chats/{chatId}/members/{uid}`. */
const chat = z.object({
  // Whatever stands there: one odd entry must not cost the others their message.
  participants: z.array(z.unknown()).optional(),
  title: optionalText,
});

export const notifyChatMessage = defineNotification({
  name: 'chatMessage',
  label: { key: 'chat.label' },
  document: 'chats/{chatId}/messages/{messageId}',
  schema: z.object({
    senderId: z.string(),
    // Of whatever type: beside a picture a text can be missing in many ways, null among them.
    text: z.unknown().optional(),
    imageUrl: z.unknown().optional(),
  }),
  async compose({ params: { chatId, messageId }, document, reader }) {
    const { senderId, text, imageUrl: picture } = document;
    const body = bodyOf(text, picture);
    const [room, sender] = await Promise.all([
      reader.get(at`chats/${chatId}`, chat),
      nameOf(senderId, reader),
    ]);
    if (room === undefined) return nobody('the chat was deleted', { about: senderId });
    return {
      to: room.participants ?? { members: `chats/${chatId}/members` },
      actor: senderId,
      target: `chats/${chatId}`,
      title:
        room.title === undefined
          ? sender
          : { key: 'chat.roomTitle', args: { name: sender, room: room.title } },
      body,
      image: imageUrl.parse(picture),
      data: { chatId, messageId, senderId },
      requiredData: ['chatId', 'messageId'],
      link: linkTo('chats', chatId),
      threadId: `chat-${chatId}`,
    };
  },
});

/** What the message says: its text, or that it is a picture, whether or not a push can show that. */
function bodyOf(text: unknown, picture: unknown): Text {
  if (typeof text === 'string' && showable(text, 'lines') !== '') return text;
  if (picture !== undefined && picture !== null && picture !== '') return { key: 'chat.picture' };
  throw new InvalidInputError('Message: expected a text or an imageUrl.');
}
