// The shell opens with no network: every file of the page, kept under this build's version.
// The API is never kept: marks are the business of IndexedDB. VERSION and FILES are put before this by the build.
const KEPT = `leitai-judge-${VERSION}`
const PAGE = '/judge'
const PATIENCE = 3_000

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll([PAGE, '/icon.svg', '/judge.webmanifest', ...FILES])),
  )
})

// A newer build waits: the open page still loads files of its own build. The judge says when.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('leitai-judge-') && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  if (event.request.mode === 'navigate') event.respondWith(page(event.request))
  else event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)))
})

/** The newest page while the network answers soon, else the kept one. */
async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) })
    if (answer.ok) return answer
  } catch {
    // No network: the kept page below.
  }
  return (await caches.match(PAGE)) ?? Response.error()
}
