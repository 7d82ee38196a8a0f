// Half a record at the end of the store's log, as a browser leaves it that is taken away while it writes: nothing may
// be lost by it. The browser is closed here before it is left, so that nothing else is out of order. And where the
// browser has thrown the store away all the same, the tablet says so.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { untilKept } from "../support/browser.mjs";
import { centreWithVisit, enrol, unlock, walk } from "../support/centre.mjs";

export const name = "store_lost";

/** The first start writes behind the half record and the second one finds it; the third is for good measure. */
const STARTS = 3;
const PAT = { name: "Pat Winslade", role: "Volunteer", tablet: "Hall tablet" };

export async function run(stage) {
  const relay = await stage.startRelay();
  const desk = await stage.launchBrowser();
  const { phrase, visit } = await centreWithVisit(desk.page, relay.url);
  await untilKept(desk.page);
  await walk(desk.page, visit);
  const office = await withHalfARecord(stage, desk, { address: `${relay.url}${visit}`, phrase });
  await thrownAway(stage, office, relay.url);
}

async function withHalfARecord(stage, desk, { address, phrase }) {
  let device = desk;
  let words = "Mia shows the boat.";
  await write(device.page, words);
  for (let start = 1; start <= STARTS; start += 1) {
    await device.close();
    if (start === 1) leaveHalfARecord(device);
    device = await device.reopen();
    await device.page.goto(address);
    await unlock(device.page, phrase);
    await composer(device.page).waitFor();
    assert.equal(await composer(device.page).inputValue(), words);
    stage.step(`start ${start} after half a record: every word is there`);
    words += ` Start ${start}.`;
    await write(device.page, words);
  }
  return device;
}

async function thrownAway(stage, office, url) {
  const tablet = await stage.launchBrowser();
  await enrol(office.page, tablet.page, PAT);
  await untilKept(tablet.page);
  // The next start has drawn the tile, so the page remembers it; a browser that closes at once may forget that.
  await tablet.page.reload();
  await tablet.page.locator(".tiles").waitFor();
  await tablet.close();
  fs.rmSync(storeOf(tablet), { recursive: true });
  const { page } = await tablet.reopen();
  const main = page.getByRole("main");
  const told = main.getByRole("heading", { level: 1, name: "This device has lost what it kept" });
  for (const address of [url, `${url}/start`]) {
    await page.goto(address);
    await told.waitFor();
    await main.getByText("There were keys and records here for PW.").waitFor();
  }
  stage.step("a store that was thrown away is told of, and nobody is led to start a centre");
  await main.getByRole("link", { name: "I have an invite link" }).click();
  await main.getByRole("heading", { level: 1, name: "Join my centre" }).waitFor();
  await enrol(office.page, page, PAT);
  stage.step("a new invite leads in again");
}

function composer(page) {
  return page.locator("#composer-text");
}

/** Writes these words and waits until the screen says that they are saved. */
async function write(page, words) {
  await composer(page).fill(words);
  await page.locator('#composer-status[data-state="saved"]').waitFor();
}

function storeOf(device) {
  const folder = path.join(device.folder, "Default", "IndexedDB");
  const store = fs.readdirSync(folder).find((entry) => entry.endsWith(".indexeddb.leveldb"));
  return path.join(folder, store);
}

/** The head of a record of 300 bytes, of which none was written: a checksum, the length, "this is all of it". */
function leaveHalfARecord(device) {
  const store = storeOf(device);
  const logs = fs.readdirSync(store).filter((entry) => entry.endsWith(".log"));
  const newest = logs.sort().at(-1);
  fs.appendFileSync(path.join(store, newest), Buffer.from([0x5a, 0xc3, 0x10, 0x9e, 300 & 0xff, 300 >> 8, 1]));
}
