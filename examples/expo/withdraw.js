// Removes notifications that the backend withdraws, because what they told of was deleted. Needs expo-task-manager, and on iOS
// "remote-notification" among UIBackgroundModes.
import * as Notifications from 'expo-notifications';
import * as TaskManager from 'expo-task-manager';

const TASK = 'withdraw';

/** Import this file early, e.g. in index.js: the task also runs while no screen is there. */
TaskManager.defineTask(TASK, async ({ data }) => {
  const { withdraw: tag, withdrawDelivery: delivery } = dataOf(data);
  if (tag === undefined) return;
  if (delivery !== undefined) {
    // Others have the same tag: what is shown now may be one of them.
    const shown = await Notifications.getPresentedNotificationsAsync();
    const isMeant = ({ identifier, content }) =>
      identifier === tag && dataOf(content.data).deliveryId === delivery;
    if (!shown.some(({ request }) => isMeant(request))) return;
  }
  await Notifications.dismissNotificationAsync(tag);
});
Notifications.registerTaskAsync(TASK);

/** What the backend sent: beside `aps`, under `data`, or in Expo's own formats under `body`, which on Android is JSON text. */
function dataOf(payload) {
  const data = { ...payload, ...payload?.data };
  const body = typeof data.body === 'string' ? objectOf(data.body) : data.body;
  return { ...data, ...body };
}

function objectOf(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : {};
  } catch {
    // It is the text of a notification.
    return {};
  }
}
