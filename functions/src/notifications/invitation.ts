/**
 * Somebody is invited to a chat or a room: tell them by whom. Of what strangers write, the push has their name alone.
 */
import { defineNotification, linkTo } from '@firestore-push/push/lib';
import * as z from 'zod';
import { nameOf } from './person';

export const notifyInvitation = defineNotification({
  name: 'invitation',
  label: { key: 'invitation.label' },
  // One push from each person, however many chats they invite to.
  once: 'actor',
  document: 'invitations/{uid}/chats/{chatId}',
  schema: z.object({ inviterId: z.string() }),
  async compose({ params: { uid, chatId }, document: { inviterId }, reader }) {
    if (uid === inviterId) return null;
    return {
      to: uid,
      actor: inviterId,
      // Not the chat's title: whoever does not know them yet could have any text read on their lock screen.
      title: { key: 'invitation.title', args: { name: await nameOf(inviterId, reader) } },
      data: { chatId, inviterId },
      requiredData: ['chatId'],
      link: linkTo('chats', chatId),
      // However many chats one person invites to: a device shows the latest.
      collapseKey: `invitation/${inviterId}`,
    };
  },
});
