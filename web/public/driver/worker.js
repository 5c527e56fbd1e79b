/**
 * Lets the driver app start without a network: the page as it was last, and what it is made of.
 * Nothing else is touched: what the server says is never kept.
 */
const CACHE = 'waybill-driver';
const PAGE = '/driver/';

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(fetch(PAGE).then(keepPage));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
});

/** The page of today, or the last one where there is none to be had. */
async function page(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.status < 500) {
      if (answer.ok) event.waitUntil(keepPage(answer.clone()));
      return answer;
    }
  } catch {
    // No network: the kept one.
  }
  return (await caches.match(PAGE, { cacheName: CACHE, ignoreVary: true })) ?? Response.error();
}

/**
 * Names of assets carry a hash of what is in them: one that is kept is the right one, whatever a
 * request for it says of its origin.
 */
async function asset(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

/** Keeps the page with all that it names, and lets go of what earlier ones were made of. */
async function keepPage(answer) {
  if (!answer.ok) return;
  const cache = await caches.open(CACHE);
  const names = new Set((await answer.clone().text()).match(/\/assets\/[\w./-]+/g));
  const kept = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  await cache.addAll([...names].filter((name) => !kept.includes(name)));
  await cache.put(PAGE, answer);
  const old = kept.filter((name) => name.startsWith('/assets/') && !names.has(name));
  await Promise.all(old.map((name) => cache.delete(name)));
}
