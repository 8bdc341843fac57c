// Shows pushes while no tab of the app is open. FCM's SDK displays notifications by itself; data-only pushes come here.
import { initializeApp } from 'firebase/app';
import { getMessaging, onBackgroundMessage } from 'firebase/messaging/sw';

const messaging = getMessaging(initializeApp(self.firebaseConfig));

onBackgroundMessage(messaging, ({ notification, data }) => {
  // With a notification the SDK has shown it already.
  if (notification !== undefined) return;
  return self.registration.showNotification(data.title ?? 'News', {
    body: data.body,
    image: data.image,
    // The same delivery replaces itself if it comes twice.
    tag: data.deliveryId,
    data: { link: data.link },
  });
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data?.link ?? '/'));
});
