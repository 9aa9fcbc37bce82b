// The service worker: it keeps one version of the application at hand, so that every route opens without a network.
// go-app fills in the version and the list of files.
"use strict";

const version = "{{.Version}}";
const files = {{.ResourcesToCache}};
const untouched = UNTOUCHED;
const prefix = "shell-";
const cacheName = prefix + version;

// What is nice to have: a lost icon must not cost offline mode, as it would with the all-or-nothing cache.addAll.
const optional = /\.(png|svg|ico|woff2|webmanifest)$/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  // A new version waits until the page asks for it, that is, until its user agreed.
  if (event.data === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (untouched.some((path) => url.pathname.startsWith(path))) return;
  event.respondWith(answer(request, url.pathname));
});

async function install() {
  const cache = await caches.open(cacheName);
  try {
    await Promise.all(files.map((path) => keep(cache, path)));
  } catch (err) {
    await caches.delete(cacheName);
    throw err;
  }
}

async function keep(cache, path) {
  try {
    const response = await fetch(path, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${path}: status ${response.status}`);
    // The server may be replaced while we collect: half of one version and half of another must not be kept. The program's
    // name is made from its content, so it needs no check.
    if (!path.endsWith(".wasm") && response.headers.get("Shell-Version") !== version) {
      throw new Error(`${path}: of another version`);
    }
    await cache.put(path, response);
  } catch (err) {
    if (!optional.test(path)) throw err;
  }
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request, path) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(path, { ignoreVary: true });
  if (kept) return kept;
  if (request.mode === "navigate" && !path.startsWith("/web/")) {
    const page = await cache.match("/", { ignoreVary: true });
    if (page) return page;
  }
  return fetch(request);
}
