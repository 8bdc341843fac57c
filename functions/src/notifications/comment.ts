/**
 * Somebody commented on a post: tell its owner.
 */
import { at, defineNotification, linkTo, nobody } from '@firestore-push/push/lib';
import * as z from 'zod';
import { nameOf } from './person';

const post = z.object({ ownerId: z.string() });

export const notifyComment = defineNotification({
  name: 'comment',
  label: { key: 'comment.label' },
  document: 'posts/{postId}/comments/{commentId}',
  schema: z.object({ authorId: z.string(), text: z.string() }),
  async compose({ params: { postId, commentId }, document: { authorId, text }, reader }) {
    const commented = await reader.get(at`posts/${postId}`, post);
    if (commented === undefined) return nobody('the post was deleted', { about: authorId });
    if (commented.ownerId === authorId) return null;
    return {
      to: commented.ownerId,
      actor: authorId,
      target: `posts/${postId}`,
      title: { key: 'comment.title', args: { name: await nameOf(authorId, reader) } },
      body: text,
      data: { postId, commentId, authorId },
      requiredData: ['postId', 'commentId'],
      link: linkTo('posts', postId),
      threadId: `post-${postId}`,
    };
  },
});
