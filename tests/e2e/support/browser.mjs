// One person's device: a Chromium process with a profile folder of its own, which survives closing and killing.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { chromiumProgram } from "./paths.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const TABLET = { width: 820, height: 1180 };

/**
 * Opens a device. `profile` is the folder to come back to (a new one if absent); other options go to Playwright.
 */
export async function launchBrowser({ profile, viewport = TABLET, ...options } = {}) {
  const folder = profile ?? fs.mkdtempSync(path.join(os.tmpdir(), "ng-device-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumProgram,
    args: FLAGS,
    viewport,
    locale: "en-GB",
    timezoneId: "Europe/London",
    ...options,
  });
  const troubles = watch(context);
  const closed = new Promise((done) => context.once("close", done));
  const pid = processOf(folder);
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    folder,
    pid,
    /** Console errors, uncaught errors and broken policies since the start. */
    troubles: troubles.list,
    /** Addresses outside the given origin that something asked for. */
    strangers: (origin) => troubles.addresses.filter((address) => !address.startsWith(origin)),
    close: async () => {
      await context.close();
      await closed;
    },
    /** The machine takes the process away: nothing is flushed, nobody is asked. */
    kill: async () => {
      process.kill(pid, "SIGKILL");
      await closed;
    },
    /** The same profile in a new process: a cold start. */
    reopen: (changes = {}) => launchBrowser({ profile: folder, viewport, ...options, ...changes }),
    remove: () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Aeroplane mode, for the pages and the service worker alike. */
export async function setOffline(device, offline) {
  await device.context.setOffline(offline);
}

/** Makes the page's processor `factor` times slower; 1 is full speed. */
export async function throttleCpu(page, factor) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: factor });
  return () => session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
}

/** Delivers a Background Sync event to the service worker of `origin`, as Chromium does when a network comes back. */
export async function deliverSync(device, origin, tag = "outbox") {
  const page = await device.context.newPage();
  try {
    const session = await page.context().newCDPSession(page);
    const registration = new Promise((done) => {
      session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const found = registrations.find((entry) => entry.scopeURL.startsWith(origin) && !entry.isDeleted);
        if (found) done(found.registrationId);
      });
    });
    await session.send("ServiceWorker.enable");
    const registrationId = await registration;
    await session.send("ServiceWorker.dispatchSyncEvent", { origin, registrationId, tag, lastChance: false });
  } finally {
    await page.close();
  }
}

/** Waits until the app's own files are kept, so that the next start needs no network. */
export async function untilKept(page) {
  await page.waitForFunction(() => document.documentElement.dataset.offline === "ready");
}

/** Requests to such addresses wait until `release` is called; `asked` is done when there is one. */
export async function holdBack(page, address) {
  let release;
  let told;
  const released = new Promise((done) => (release = done));
  const asked = new Promise((done) => (told = done));
  await page.context().route(address, async (route) => {
    told();
    await released;
    await route.continue();
  });
  return { asked, release };
}

function watch(context) {
  const list = [];
  const addresses = [];
  context.on("console", (message) => {
    if (message.type() === "error") list.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (trouble) => list.push(`uncaught: ${trouble.error().stack ?? trouble.error()}`));
  context.on("request", (request) => {
    if (/^(https?|wss?):/.test(request.url())) addresses.push(request.url());
  });
  return { list, addresses };
}

/** Chromium writes its process id into the lock of its profile. */
function processOf(folder) {
  const lock = fs.readlinkSync(path.join(folder, "SingletonLock"));
  const pid = Number(lock.slice(lock.lastIndexOf("-") + 1));
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`expected a process id in the profile's lock, found ${lock}`);
  return pid;
}
