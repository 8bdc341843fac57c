import { at, defineNotification } from '@firestore-push/push/lib';
import * as z from 'zod';

const post = z.object({ ownerId: z.string() });

/** Somebody likes a post: its owner is notified. */
export const notifyLike = defineNotification({
  name: 'like',
  document: 'posts/{postId}/likes/{uid}',
  schema: z.object({}),
  async compose({ params: { postId, uid }, reader }) {
    const liked = await reader.get(at`posts/${postId}`, post);
    return liked ? { to: liked.ownerId, actor: uid, title: 'Somebody likes your post' } : null;
  },
});
