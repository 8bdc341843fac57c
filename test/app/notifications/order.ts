/**
 * A seller handed an order over to be brought: tell the customer.
 */
import { defineNotification, linkTo } from '@firestore-push/push/lib';
import * as z from 'zod';

export const notifyOrder = defineNotification({
  name: 'order',
  document: 'orders/{orderId}',
  schema: z.object({ customerId: z.string(), sellerId: z.string() }),
  compose({ params: { orderId }, document: { customerId, sellerId } }) {
    // One's own order is no news.
    if (customerId === sellerId) return null;
    return {
      to: customerId,
      actor: sellerId,
      title: { key: 'order.title' },
      data: { orderId },
      link: linkTo('orders', orderId),
    };
  },
});
