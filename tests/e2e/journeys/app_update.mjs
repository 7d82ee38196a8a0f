// A newer build of the app: a damaged one is refused whole, a sound one waits until it is asked to take over.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setOffline, untilKept } from "../support/browser.mjs";
import { dist } from "../support/paths.mjs";
import { startWrongServer } from "../support/wrong_server.mjs";

export const name = "app_update";

const FILE = "/favicon.svg";
const DAMAGED = "app-00000000damaged0";
const NEWER = "app-0000000000newer0";

export async function run(stage) {
  const server = await startWrongServer();
  try {
    const { page, ...device } = await stage.launchBrowser();
    await page.goto(server.url);
    await untilKept(page);
    const [first] = await kept(page);

    stage.step("a build of which one file is not what its list says is refused whole");
    const drawing = fs.readFileSync(path.join(dist, FILE), "utf8");
    server.replace("/sw.js", nextWorker(DAMAGED, drawing.replace("<svg", "<svg ")));
    assert.equal(await outcomeOfUpdate(page), "redundant");
    assert.deepEqual(await kept(page), [first], "half a build must not stay");

    stage.step("a sound one waits, and the running one goes on");
    const redrawn = drawing.replace("<svg", '<svg data-drawing="second"');
    server.replace(FILE, redrawn);
    server.replace("/sw.js", nextWorker(NEWER, redrawn));
    assert.equal(await outcomeOfUpdate(page), "installed");
    assert.deepEqual(await kept(page), [first, NEWER].sort());
    assert.equal(await drawingOf(page), drawing, "the running build must not change under the page");

    stage.step("asked to take over, it does so once, and the earlier one is gone");
    const changes = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      const changed = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
      registration.waiting.postMessage("skip-waiting");
      await changed;
      return navigator.serviceWorker.controller.state;
    });
    assert.ok(["activating", "activated"].includes(changes));
    await setOffline(device, true);
    await page.waitForFunction(async (wanted) => (await caches.keys()).join() === wanted, NEWER);
    assert.equal(await drawingOf(page), redrawn);
  } finally {
    await server.stop();
  }
}

/** The worker of another build: its own id, and the digest of the changed drawing. */
function nextWorker(cache, drawing) {
  const worker = fs.readFileSync(path.join(dist, "sw.js"), "utf8");
  const digest = createHash("sha256").update(drawing).digest("hex");
  const build = cache.slice("app-".length);
  return worker
    .replace(/build: "[^"]+"/, `build: "${build}"`)
    .replace(new RegExp(`(url: "${FILE}", digest: ")[0-9a-f]+`), `$1${digest}`);
}

/** Asks for the newer worker and answers the state in which its installation ends. */
async function outcomeOfUpdate(page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const found = new Promise((done) => {
      registration.addEventListener("updatefound", () => done(registration.installing), { once: true });
    });
    // A refused build also rejects this call; its state tells.
    registration.update().catch(() => {});
    const worker = await found;
    return new Promise((done) => {
      const look = () => ["installed", "redundant"].includes(worker.state) && done(worker.state);
      worker.addEventListener("statechange", look);
      look();
    });
  });
}

async function kept(page) {
  return page.evaluate(async () => (await caches.keys()).sort());
}

async function drawingOf(page) {
  return page.evaluate(async (file) => (await fetch(file)).text(), FILE);
}
