// This device's lock as a second way to unlock: added, used from cold without signal, refused in every way, taken away.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setOffline, untilKept } from "../support/browser.mjs";
import { enrol, lock, startCentre, unlock } from "../support/centre.mjs";
import { WITH_LATE_SECRET, WITHOUT_SECRET, fitLock } from "../support/device_lock.mjs";
import { readRows } from "../support/store.mjs";
import { Desk } from "../pages/desk.mjs";
import { Shared } from "../pages/pin.mjs";
import { Unlocking } from "../pages/unlocking.mjs";

export const name = "passkey";

const PIN = "402918";
const ENGINE = /\/engine-[0-9a-f]+_bg\.wasm$/;
const CANCELLED = /^This device's lock did not open it: it was cancelled/;

export async function run(stage) {
  const relay = await stage.startRelay();
  await byNumber(stage, relay);
  const ruth = await stage.launchBrowser();
  const phrase = await startCentre(ruth.page, relay.named);
  await untilKept(ruth.page);
  await offered(stage, ruth);
  await cannotBeAdded(stage, ruth);
  await laterSecret(stage, ruth);
  const reader = await added(stage, ruth);
  await fromCold(stage, ruth);
  const fitted = await refused(stage, ruth, reader, phrase);
  await givesNothingAway(stage, ruth);
  await takenAway(stage, ruth, fitted, phrase);
  await shared(stage, relay, ruth);
  assert.deepEqual(ruth.troubles.filter((line) => /^uncaught|Content Security Policy/.test(line)), []);
}

async function byNumber(stage, relay) {
  stage.step("an address that is a number: it says why not, before anything is made");
  const device = await stage.launchBrowser();
  await fitLock(device.page);
  await startCentre(device.page, relay.url);
  const ways = new Unlocking(device.page);
  await ways.open();
  await ways.main.getByText(/^This page was opened by a number,/).waitFor();
  assert.equal(await ways.addButton.count(), 0);
  await device.close();
}

async function cannotBeAdded(stage, { page }) {
  const ways = new Unlocking(page);
  stage.step("a device without a lock: no button, a sentence, and the words remain");
  await ways.open();
  await ways.main.getByText(/^This browser finds no fingerprint, face or screen lock/).waitFor();
  assert.equal(await ways.addButton.count(), 0);

  stage.step("a lock that keeps no keys: found out at the making, nothing is kept, the device is told");
  const old = await fitLock(page, WITHOUT_SECRET);
  await ways.open();
  await ways.addButton.click();
  await ways.refused(/^This device's lock cannot keep a key for Neutral Ground/);
  await nothingKept(page);
  await eventually(async () => (await old.listed()).length === 0, "the useless entry is taken off the device's list");
  await old.takeOut();

  stage.step("somebody whom the device does not know");
  const reader = await fitLock(page);
  await reader.knows(false);
  await ways.open();
  await ways.addButton.click();
  await ways.refused(/^Nothing was added: it was cancelled/);
  await nothingKept(page);
  await reader.takeOut();
}

async function offered(stage, { page }) {
  stage.step("offered once, after the PIN; put off, it does not come back");
  const ways = new Unlocking(page);
  const reader = await fitLock(page);
  await new Shared(page).choosePin(PIN);
  await ways.offer.waitFor();
  await page.getByRole("button", { name: "Not now" }).click();
  await ways.offer.waitFor({ state: "detached" });
  await ways.open();
  await ways.addButton.waitFor();
  assert.equal(await ways.offer.count(), 0);
  await reader.takeOut();
}

/** Some locks give no secret at the making, and some browsers want another press for it. */
async function laterSecret(stage, { page }) {
  stage.step("a lock that has to be asked again: at once, or with another press");
  const ways = new Unlocking(page);
  const late = await fitLock(page, WITH_LATE_SECRET);
  await ways.open();
  await ways.add();
  await ways.remove();
  await page.evaluate(() => {
    const real = navigator.credentials.get;
    navigator.credentials.get = () => {
      navigator.credentials.get = real;
      return Promise.reject(new DOMException("a press is wanted", "NotAllowedError"));
    };
  });
  await ways.addButton.click();
  await ways.refused(/^Once more, please:/);
  await nothingKept(page);
  await ways.add();
  assert.deepEqual(await late.listed(), ["RC"], "one was made, not two");
  await ways.remove();
  await late.takeOut();
}

async function added(stage, { page }) {
  const ways = new Unlocking(page);
  const fitted = await fitLock(page);
  stage.step("added by one press; the device lists initials and nothing more");
  await ways.open();
  await ways.add();
  await ways.main.getByText("Added", { exact: true }).last().waitFor();
  assert.deepEqual(await fitted.listed(), ["RC"]);
  assert.equal((await wraps(page)).length, 1);
  return fitted;
}

async function fromCold(stage, device) {
  const { page } = device;
  const ways = new Unlocking(page);
  stage.step("cold and without signal: one press, and the words one press away");
  await setOffline(device, true);
  await page.reload();
  await ways.lockButton.waitFor();
  const { height } = await ways.lockButton.boundingBox();
  assert.ok(height >= 48, `the button is ${height} px high`);
  const buttons = await ways.main.getByRole("button").allInnerTexts();
  assert.deepEqual(buttons.map((words) => words.trim()).slice(1, 3), [
    "Unlock with this device's lock",
    "Use my four words instead",
  ]);
  await ways.wordsInstead.click();
  await page.waitForFunction(() => document.activeElement?.id === "phrase");
  await ways.lockInstead.click();
  await page.waitForFunction(() => document.activeElement?.textContent.includes("this device's lock"));
  await page.keyboard.press("Enter");
  await ways.inside();

  stage.step("resting, it stands beside the PIN");
  await lock(page);
  await new Shared(page).pad.waitFor();
  await ways.lockButton.click();
  await page.locator(".frame:not([hidden])").waitFor();
  await setOffline(device, false);
}

/** Answers the lock that the device has in the end. */
async function refused(stage, { page }, reader, phrase) {
  const ways = new Unlocking(page);
  stage.step("cancelled: it says so, each time, and the words open");
  await page.reload();
  await reader.knows(false);
  for (let tries = 0; tries < 2; tries += 1) {
    await ways.lockButton.click();
    await ways.refused(CANCELLED);
  }
  await ways.wordsInstead.click();
  await unlock(page, phrase);

  stage.step("the device has lost the key: it says so, the words open, and it can be added anew");
  await reader.takeOut();
  const fitted = await fitLock(page);
  await page.reload();
  await ways.lockButton.click();
  await ways.refused(/or it has lost the key\./);
  await ways.wordsInstead.click();
  await unlock(page, phrase);
  await ways.open();
  await ways.remove();
  await ways.add();

  stage.step("a key that opens nothing: it says so and what to do");
  await spoilWrap(page);
  await page.reload();
  await ways.lockButton.click();
  await ways.refused(/^This device's lock gave a key that opens nothing here\./);
  await ways.wordsInstead.click();
  await unlock(page, phrase);
  await ways.open();
  await ways.remove();
  await ways.add();
  await page.reload();
  await ways.lockButton.click();
  await ways.inside();
  return fitted;
}

/** What the lock gives is asked for as the app does, and is then looked for everywhere. */
async function givesNothingAway(stage, device) {
  stage.step("what the lock gives lies nowhere, and opens the row as the documents say");
  const { page } = device;
  const [row] = await wraps(page);
  const wrap = readWrap(row.value);
  const secret = Buffer.from(
    await page.evaluate(async ({ credential, salt }) => {
      const bytes = (list) => new Uint8Array(list);
      const given = await navigator.credentials.get({
        publicKey: {
          challenge: bytes([1]),
          rpId: location.hostname,
          allowCredentials: [{ type: "public-key", id: bytes(credential) }],
          userVerification: "required",
          extensions: { prf: { eval: { first: bytes(salt) } } },
        },
      });
      return [...new Uint8Array(given.getClientExtensionResults().prf.results.first)];
    }, { credential: [...wrap.credential], salt: [...wrap.prfSalt] }),
  );
  const key = openWrap(wrap, secret, row.key.subarray("passkey ".length));
  const kept = Buffer.from(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])));
  const rows = (await readRows(page)).map(({ value }) => value);
  const everywhere = [kept, ...rows, ...filesBelow(device.folder)];
  for (const [what, bytes] of Object.entries({ secret, key })) {
    const forms = [bytes, Buffer.from(bytes.toString("hex")), Buffer.from(bytes.toString("base64"))];
    const found = everywhere.filter((place) => forms.some((form) => place.includes(form)));
    assert.equal(found.length, 0, `the ${what} was found`);
  }
  assert.ok(kept.includes(wrap.credential.toString("hex")), "the search finds what is there");
  assert.ok(everywhere.filter((place) => place.includes(wrap.credential)).length > 1, "also as bytes, and in files");
}

async function takenAway(stage, { page }, fitted, phrase) {
  stage.step("taken away: no row, no entry on the device, no button");
  const ways = new Unlocking(page);
  await ways.open();
  await ways.remove();
  await nothingKept(page);
  await eventually(async () => (await fitted.listed()).length === 0, "the device was told");
  await page.reload();
  await page.locator("#phrase").waitFor();
  assert.equal(await ways.lockButton.count(), 0);
  await unlock(page, phrase);
}

async function shared(stage, relay, ruth) {
  stage.step("two people on one tablet: each their own, and none is offered where others may know the code");
  // Without a service worker the engine comes over the network at every start, where it can be held back.
  const amber = await stage.launchBrowser({ serviceWorkers: "block" });
  const { page } = amber;
  const ways = new Unlocking(page);
  const fitted = await fitLock(page);
  await enrol(ruth.page, page, { name: "Joan Tibbs", role: "Volunteer", tablet: "Amber" });
  await new Shared(page).choosePin(PIN);
  await page.getByRole("button", { name: "How it works" }).click();
  await ways.add();
  await page.locator(".me-initials").click();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await ways.lockButton.waitFor();
  await enrol(ruth.page, page, { name: "Priya Nair", role: "Supervisor", tablet: "Amber" });
  await new Shared(page).choosePin(PIN);
  await ways.open();
  await ways.main.getByText(/^Other people use this tablet\./).waitFor();
  assert.equal(await ways.offer.count(), 0);
  await ways.add();
  assert.deepEqual((await fitted.listed()).sort(), ["JT", "PN"]);

  stage.step("the lock is asked before the engine is there");
  const { asked, release } = await holdBack(page, ENGINE);
  await page.reload();
  await asked;
  await page.getByRole("button", { name: "JT", exact: true }).click();
  await ways.lockButton.click();
  await page.getByRole("button", { name: "Unlock with this device's lock", disabled: true }).waitFor();
  release();
  await new Shared(page).isHere("JT");
  await page.locator(".me-initials").click();
  await page.getByRole("button", { name: "Hand over to PN" }).click();
  await ways.lockButton.click();
  await new Shared(page).isHere("PN");

  stage.step("a colleague who is shut out loses theirs, and hers stays");
  const desk = new Desk(ruth.page);
  await desk.follow("/people", "People");
  await desk.shutOut("Joan Tibbs", "Amber");
  await eventually(async () => (await wraps(page)).length === 1, "Joan's row is erased");
  await page.reload();
  await page.getByRole("button", { name: "I have read this" }).click();
  await ways.lockButton.click();
  await new Shared(page).isHere("PN");
}

/** The rows that a passkey opens. */
async function wraps(page) {
  const rows = await readRows(page);
  return rows.filter(({ table, key }) => table === "meta" && key.toString("latin1").startsWith("passkey "));
}

async function nothingKept(page) {
  assert.deepEqual(await wraps(page), []);
}

/** `[ 2, credential, PRF salt 32, salt 32, sealed 48 ]` in CBOR, read from its end. */
function readWrap(row) {
  const sealed = row.subarray(-48);
  const head = row.subarray(0, -50);
  const salt = head.subarray(-32);
  const prfSalt = head.subarray(-66, -34);
  const credential = head.subarray(0, -68);
  return { head, sealed, salt, prfSalt, credential: credential.subarray(credential[2] === 0x58 ? 4 : 3) };
}

/** The keyring's key, as `src/engine/crypto/keyring/passkey.rs` writes it down. */
function openWrap({ head, sealed, salt }, secret, device) {
  const info = Buffer.concat([Buffer.from("ng/keyring-passkey/v1"), device]);
  const derived = Buffer.from(crypto.hkdfSync("sha256", secret, salt, info, 32));
  const cipher = crypto.createDecipheriv("chacha20-poly1305", derived, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(head, { plaintextLength: 32 });
  cipher.setAuthTag(sealed.subarray(32));
  return Buffer.concat([cipher.update(sealed.subarray(0, 32)), cipher.final()]);
}

function filesBelow(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name)));
}

/** Changes a bit of what is sealed, as damage would. */
async function spoilWrap(page) {
  await page.evaluate(async () => {
    const settled = (request) =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const handle = await settled(indexedDB.open("neutral-ground"));
    const meta = handle.transaction("meta", "readwrite").objectStore("meta");
    for (const key of await settled(meta.getAllKeys())) {
      if (!new TextDecoder().decode(key).startsWith("passkey ")) continue;
      const row = new Uint8Array(await settled(meta.get(key)));
      row[row.length - 1] ^= 1;
      await settled(meta.put(row, key));
    }
    handle.close();
  });
}

async function eventually(holds, words) {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, words);
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** Requests to such addresses wait until `release` is called; `asked` is done when there is one. */
async function holdBack(page, address) {
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
