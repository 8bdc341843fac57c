/**
 * Somebody liked a post: tell its owner.
 */
import { at, defineNotification, linkTo, nobody } from '@firestore-push/push/lib';
import * as z from 'zod';
import { imageUrl } from './fields';
import { nameOf } from './person';

const post = z.object({ ownerId: z.string(), imageUrl });

export const notifyLike = defineNotification({
  name: 'like',
  label: { key: 'like.label' },
  // The first is told at once; what follows within the hour is told together: "Ann, Bo and 5 others liked your post".
  delivery: 'digest',
  digest: { window: { minutes: 60 }, title: { key: 'like.digest' } },
  document: 'posts/{postId}/likes/{likerId}',
  schema: z.object({}),
  async compose({ params: { postId, likerId }, reader }) {
    const liked = await reader.get(at`posts/${postId}`, post);
    if (liked === undefined) return nobody('the post was deleted', { about: likerId });
    // One's own: nothing to tell, and no name to look up.
    if (liked.ownerId === likerId) return null;
    const name = await nameOf(likerId, reader);
    return {
      to: liked.ownerId,
      actor: likerId,
      actorName: name,
      target: `posts/${postId}`,
      title: { key: 'like.title', args: { name } },
      image: liked.imageUrl,
      data: { postId, likerId },
      requiredData: ['postId'],
      link: linkTo('posts', postId),
      // Unliking and liking again replaces the notification instead of adding one.
      // No id holds a "/", so that two pairs of ids never make one key.
      collapseKey: `like/${postId}/${likerId}`,
    };
  },
});
