// Hears clicks on notices of calls: a notice with buttons must be shown by a service worker. It serves nothing else.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(tellPage(event.notification.data, event.action));
});

/** The page that showed the notice decides whether the call still rings; a click on the text only brings it forward. */
async function tellPage({ tab, call }, action) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) {
    page.postMessage({ switchboard: 'notice', tab, call, action });
  }
  const [first] = pages;
  const shown = pages.find(({ url }) => url === tab) ?? first;
  await shown?.focus().catch(() => {});
}
