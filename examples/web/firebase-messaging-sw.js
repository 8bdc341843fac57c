// Shows pushes while no tab of the app is in front, and opens the right page when one is tapped.
// Bundle it, and serve it as /firebase-messaging-sw.js.
import { initializeApp } from 'firebase/app';
import { getMessaging, onBackgroundMessage } from 'firebase/messaging/sw';
import { firebaseConfig } from './config.js';
import { withdrawn } from './withdraw.js';

// Before getMessaging(), whose own listener ends the event: it opens nothing if a push has no absolute link, and if any tab of
// the site is open it only brings that one to the front, whatever it shows.
self.addEventListener('notificationclick', (event) => {
  event.stopImmediatePropagation();
  event.notification.close();
  event.waitUntil(open(pageOf(event.notification.data)));
});

const messaging = getMessaging(initializeApp(firebaseConfig));

onBackgroundMessage(messaging, ({ notification, data }) => {
  // With a notification the SDK has shown it already. Without one (style: 'data') it is ours to show.
  if (notification !== undefined) return;
  if (data.withdraw !== undefined) return withdraw(data);
  return self.registration.showNotification(data.title ?? 'News', {
    body: data.body,
    image: data.image,
    // The same delivery replaces itself if it comes twice.
    tag: data.deliveryId,
    data,
  });
});

/**
 * Says of what is shown that it is gone. Not just closed: browsers want every push to show something, and Safari takes a site's
 * permission away that does not. If nothing is shown any more, it is closed at once.
 */
async function withdraw(data) {
  const { registration } = self;
  const [meant] = await withdrawn(data, registration);
  const tag = meant?.tag ?? data.deliveryId;
  await registration.showNotification('No longer available', { tag, silent: true });
  if (meant !== undefined) return;
  for (const each of await registration.getNotifications({ tag })) each.close();
}

/** The page of a notification: one that the SDK showed keeps the whole message under FCM_MSG. */
function pageOf(data) {
  const message = data?.FCM_MSG ?? { data };
  const home = self.location.origin;
  // The absolute link that SITE_URL makes, else the path as it is. No push opens a page of somebody else's.
  const links = [message.fcmOptions?.link, message.data?.link].filter(
    (link) => link !== undefined && URL.canParse(link, home),
  );
  const page = links.map((link) => new URL(link, home)).find(({ origin }) => origin === home);
  return page?.href ?? `${home}/`;
}

/** A tab that shows this page already comes to the front; otherwise a new one opens. */
async function open(href) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find(({ url }) => url === href);
  return tab === undefined ? self.clients.openWindow(href) : tab.focus();
}
