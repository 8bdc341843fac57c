/** The way from topics to registered devices of docs/your-data.md: the guide quotes this file, `scripts/docs/your-data.test.ts` runs it. */
import { defineNotification } from '@firestore-push/push/lib';
import * as z from 'zod';

/** The new way: to the devices that the customer's apps have registered. */
export const notifyShipment = defineNotification({
  name: 'shipment',
  document: 'shipments/{shipmentId}',
  schema: z.object({ customerId: z.string() }),
  compose: ({ params: { shipmentId }, document: { customerId } }) => ({
    to: customerId,
    title: 'Your order is on its way',
    collapseKey: `shipment-${shipmentId}`,
  }),
});

/** The old way, for app versions that know nothing but the topic. */
export function topicMessage(shipmentId: string, customerId: string) {
  const key = `shipment-${shipmentId}`;
  return {
    topic: `user_${customerId}`,
    notification: { title: 'Your order is on its way' },
    android: { notification: { tag: key } },
    apns: { headers: { 'apns-collapse-id': key } },
    webpush: { notification: { tag: key } },
  };
}
