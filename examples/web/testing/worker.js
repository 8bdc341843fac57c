// Bundled before a worker's code: records what it asks the browser to show and to open, and taps what was shown.
const recorded = Object.assign(new EventTarget(), { shown: [], opened: [] });

/** What is on display, by tag. */
const displayed = new Map();

self.registration.showNotification = async (title, options = {}) => {
  recorded.shown.push({ title, options });
  displayed.set(options.tag, { title, ...options, close: () => displayed.delete(options.tag) });
  recorded.dispatchEvent(new Event('shown'));
};
self.registration.getNotifications = async ({ tag } = {}) =>
  [...displayed.values()].filter((each) => tag === undefined || each.tag === tag);
self.clients.openWindow = async (url) => {
  recorded.opened.push(url);
  return null;
};

self.countShown = () => recorded.shown.length;

self.titles = () => [...displayed.values()].map(({ title }) => title);

/** Once so many were shown. */
self.shown = async (count) => {
  while (recorded.shown.length < count) {
    await new Promise((resolve) => recorded.addEventListener('shown', resolve, { once: true }));
  }
};

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
