/**
 * A shop has news: tell its customers, of whom a small shop has a list and a large one a collection.
 */
import { at, defineNotification, nobody } from '@firestore-push/push/lib';
import * as z from 'zod';

const shop = z.object({ name: z.string(), customers: z.array(z.unknown()).optional() });

export const notifyNotice = defineNotification({
  name: 'notice',
  document: 'shops/{shopId}/notices/{noticeId}',
  schema: z.object({ authorId: z.string(), text: z.string() }),
  async compose({ params: { shopId, noticeId }, document: { authorId, text }, reader }) {
    const known = await reader.get(at`shops/${shopId}`, shop);
    if (known === undefined) return nobody('the shop is gone', { about: authorId });
    return {
      to: known.customers ?? { members: `shops/${shopId}/customers` },
      actor: authorId,
      title: known.name,
      body: text,
      data: { shopId, noticeId },
      requiredData: ['shopId'],
      threadId: `shop-${shopId}`,
    };
  },
});
