/**
 * An order was handed to a courier: tell the customer.
 */
import { defineNotification, linkTo } from '@firestore-push/push/lib';
import * as z from 'zod';

export const notifyOrder = defineNotification({
  name: 'order',
  document: 'orders/{orderId}',
  schema: z.object({ customerId: z.string(), sellerId: z.string().optional() }),
  compose({ params: { orderId }, document: { customerId, sellerId } }) {
    return {
      to: customerId,
      ...(sellerId === undefined ? {} : { actor: sellerId }),
      title: { key: 'order.title' },
      data: { orderId },
      link: linkTo('orders', orderId),
    };
  },
});
