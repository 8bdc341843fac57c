/**
 * Somebody has a new follower: tell them.
 */
import { defineNotification, linkTo } from '@firestore-push/push/lib';
import * as z from 'zod';
import { nameOf } from './person';

export const notifyFollow = defineNotification({
  name: 'follow',
  label: { key: 'follow.label' },
  // To unfollow and follow again tells nobody a second time.
  once: 'actor',
  document: 'follows/{followId}',
  schema: z.object({ followerId: z.string(), followedId: z.string() }),
  async compose({ document: { followerId, followedId }, reader }) {
    if (followerId === followedId) return null;
    return {
      to: followedId,
      actor: followerId,
      title: { key: 'follow.title', args: { name: await nameOf(followerId, reader) } },
      data: { followerId },
      requiredData: ['followerId'],
      link: linkTo('people', followerId),
      collapseKey: `follow-${followerId}`,
    };
  },
});
