// Bundled before a worker's code: records what it asks the browser to show and to open, and taps what was shown.
const recorded = Object.assign(new EventTarget(), { shown: [], opened: [] });

self.registration.showNotification = async (title, options = {}) => {
  recorded.shown.push({ title, options });
  recorded.dispatchEvent(new Event('shown'));
};
self.clients.openWindow = async (url) => {
  recorded.opened.push(url);
  return null;
};

self.countShown = () => recorded.shown.length;

/** The first notification, as soon as there is one. */
self.firstShown = () =>
  new Promise((resolve) => {
    if (recorded.shown.length > 0) resolve(recorded.shown[0]);
    else recorded.addEventListener('shown', () => resolve(recorded.shown[0]));
  });

/** Taps it; every page that was opened. */
self.tap = async () => {
  const [{ title, options }] = recorded.shown;
  const work = [];
  // Made by a script, an event has no notification and waits for nothing, so both are put in their places.
  const event = Object.defineProperties(new Event('notificationclick'), {
    notification: { value: { title, ...options, close: () => undefined } },
    action: { value: '' },
    waitUntil: { value: (promise) => work.push(promise) },
  });
  self.dispatchEvent(event);
  await Promise.all(work);
  return recorded.opened;
};
