// Removes notifications that the backend withdraws, because what they told of was deleted. Needs @notifee/react-native.
import notifee from '@notifee/react-native';
import { Platform } from 'react-native';

/**
 * Call with the data of every push, before anything else is made of it: in handleBackground(…), and in onMessage(…) while the app is
 * open. Resolves to whether the push was a withdrawal, of which nothing is to be shown.
 */
export async function withdraw({ withdraw: tag, withdrawDelivery: delivery } = {}) {
  if (tag === undefined) return false;
  const shown = await notifee.getDisplayedNotifications();
  // Where others have the same tag, what is shown now may be one of them: Android does not say which, so there it stays.
  const isMeant = (notification) =>
    delivery === undefined || notification.data?.deliveryId === delivery;
  for (const { id, notification } of shown) {
    // iOS: the id is the tag. Android: the system gives all that FCM shows the id 0, and tells them apart by tag.
    const found = Platform.OS === 'ios' ? id === tag : notification.android?.tag === tag;
    if (found && isMeant(notification)) await notifee.cancelDisplayedNotification(id, tag);
  }
  return true;
}
