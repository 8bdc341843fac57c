/**
 * For tests: a push with everything decided, to be varied.
 */
import type { Content } from '../model/notification/content';

/** When the tests' pushes are sent, ms since 1970. */
export const SENT_AT = 1_800_000_000_000;

export function content(over: Partial<Content> = {}): Content {
  return {
    type: 'like',
    deliveryId: 'like-e1',
    style: 'alert',
    title: 'Lia liked your post',
    data: { postId: 'p1' },
    requiredData: ['postId'],
    tag: 'like-e1',
    sound: 'default',
    priority: 'high',
    expiresAt: SENT_AT + 3_600_000,
    ...over,
  };
}
