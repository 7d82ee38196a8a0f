// The service worker: keeps the app's own files, opens it without a network, sends the outbox.
// It never touches a document or a key: outbox rows are finished ciphertext.
"use strict";
importScripts("/fresh_log.js", "/outbox.js");

// Written by `cargo xtask precache`: every file of the build with its SHA-256.
const PRECACHE = { build: "dev", files: [] };

const CACHE = `app-${PRECACHE.build}`;
const SHELL = "/";
const LISTED = new Set(PRECACHE.files.map((file) => file.url));
const DATABASE = "neutral-ground";

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

const digestOf = async (response) => hex(await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer()));

// A file that an earlier build already holds is copied, so an update costs only what changed.
async function fetchChecked({ url, digest }) {
  const held = await caches.match(url);
  if (held && (await digestOf(held)) === digest) return held;
  const fresh = await fetch(url, { cache: "reload", credentials: "omit", redirect: "error" });
  if (!fresh.ok) throw new Error(`${url}: expected status 200, found ${fresh.status}`);
  const found = await digestOf(fresh);
  if (found !== digest) throw new Error(`${url}: expected digest ${digest}, found ${found}`);
  return fresh;
}

async function install() {
  const cache = await caches.open(CACHE);
  try {
    for (const file of PRECACHE.files) await cache.put(file.url, await fetchChecked(file));
  } catch (trouble) {
    // Half a build is no build: the old one goes on, and the browser tries again at the next check.
    await caches.delete(CACHE);
    throw trouble;
  }
}

async function activate() {
  const earlier = (await caches.keys()).filter((name) => name.startsWith("app-") && name !== CACHE);
  await Promise.all(earlier.map((name) => caches.delete(name)));
  if (earlier.length === 0) await self.clients.claim();
}

async function fromCache(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

// A rejected promise makes the browser fire the event again later; a refusal would only repeat itself.
async function drain() {
  await self.freshLog();
  const report = await self.drainOutbox(DATABASE);
  if (report.trouble !== null && report.trouble !== "refused") {
    throw new Error(`${report.left} not sent: ${report.trouble}`);
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/v1/")) return;
  if (request.mode === "navigate") event.respondWith(fromCache(SHELL, request));
  else if (LISTED.has(url.pathname) && url.search === "") event.respondWith(fromCache(url.pathname, request));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(drain());
});

// The page asks for this when nothing is unsaved, and reloads on `controllerchange`.
self.addEventListener("message", (event) => {
  const wish = typeof event.data === "string" ? event.data : event.data?.type;
  if (wish === "skip-waiting") self.skipWaiting();
});
