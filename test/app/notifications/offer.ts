/**
 * A courier offers to bring an order: tell the customer, who may have one offer of each.
 */
import { at, defineNotification, linkTo, nobody } from '@firestore-push/push/lib';
import * as z from 'zod';

const order = z.object({ customerId: z.string(), imageUrl: z.string().optional() });
const courier = z.object({ displayName: z.string().optional() });

export const notifyOffer = defineNotification({
  name: 'offer',
  document: 'orders/{orderId}/offers/{courierId}',
  schema: z.object({}),
  async compose({ params: { orderId, courierId }, reader }) {
    const [ordered, who] = await Promise.all([
      reader.get(at`orders/${orderId}`, order),
      reader.get(at`users/${courierId}`, courier),
    ]);
    if (ordered === undefined) return nobody('the order is gone', { about: courierId });
    return {
      to: ordered.customerId,
      actor: courierId,
      title: { key: 'offer.title', args: { name: who?.displayName ?? 'Somebody' } },
      image: ordered.imageUrl,
      data: { orderId, courierId },
      link: linkTo('orders', orderId),
      collapseKey: `offer/${orderId}/${courierId}`,
    };
  },
});
