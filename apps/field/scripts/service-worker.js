// The app without a network: its own files from the phone, everything else from the hub. FILES and VERSION are put before this by the build.
/* global FILES, VERSION */
const CACHE = `atalaya-field-${VERSION}`;
const SHELL = "/field/";

self.addEventListener("install", (event) => {
  // Past the browser's own cache: a version is whole or it is not taken.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith("atalaya-field-") && name !== CACHE).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

// A page that has just been opened lets the newer version take over; one in the middle of a shift does not.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") void self.skipWaiting();
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then(([page]) => (page === undefined ? self.clients.openWindow(SHELL) : page.focus())),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !pathname.startsWith("/field/")) return;
  const wanted = request.mode === "navigate" ? SHELL : pathname;
  event.respondWith(caches.match(wanted, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
});
