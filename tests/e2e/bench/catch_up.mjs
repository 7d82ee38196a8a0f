// A tablet that was away fetches 2,000 envelopes that another device made with the app itself, one by one.
// Folders of relay and tablet are copied before the fetching, so that each round begins at the same place.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { untilKept } from "../support/browser.mjs";
import { enrol, fill, planSession, press, startCentre, today, unlock, untilSent, walk } from "../support/centre.mjs";
import { longestTask, noteLongTasks } from "../support/long_tasks.mjs";
import { readRows } from "../support/store.mjs";

export const name = "catch_up";

const ENVELOPES = 2000;
const SESSIONS = 200;
const LAST = "All Caught Up Centre";
const PULLS = "catch-up of 2,000 envelopes: requests";
const BYTES = "catch-up of 2,000 envelopes: body bytes received";
const TIME = "catch-up of 2,000 envelopes: online event to last change drawn";
const LONGEST = "catch-up of 2,000 envelopes: longest task of the page";

export const rows = {
  [PULLS]: { unit: "requests", aim: { share: "max", at: 2 } },
  [BYTES]: { unit: "bytes" },
  [TIME]: { unit: "ms", aim: { share: "p95", at: 2500 } },
  [LONGEST]: { unit: "ms", aim: { share: "max", at: 50 } },
};

export async function run(stage, rounds) {
  const folders = fs.mkdtempSync(path.join(os.tmpdir(), "ng-catch-up-"));
  try {
    return await measure(stage, Math.min(rounds, 5), folders);
  } finally {
    fs.rmSync(folders, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(stage, rounds, folders) {
  const relay = await stage.startRelay();
  const desk = await stage.launchBrowser();
  await startCentre(desk.page, relay.url);
  const tablet = await stage.launchBrowser();
  const { phrase } = await enrol(desk.page, tablet.page, { name: "Priya Nair", role: "Volunteer", tablet: "Teal" });
  await untilKept(tablet.page);
  for (const device of [desk, tablet]) await untilSent(device.page);
  await tablet.close();
  await makeEnvelopes(desk.page);
  await untilSent(desk.page);
  await desk.close();
  await relay.stop();

  const found = { [PULLS]: [], [BYTES]: [], [TIME]: [], [LONGEST]: [] };
  for (let round = 0; round < rounds; round += 1) {
    const store = path.join(folders, `relay-${round}`);
    const profile = path.join(folders, `tablet-${round}`);
    fs.cpSync(relay.folder, store, { recursive: true });
    fs.cpSync(tablet.folder, profile, { recursive: true, verbatimSymlinks: true });
    await oneRound(stage, { listen: new URL(relay.url).host, store, profile, phrase }, found);
  }
  return found;
}

async function oneRound(stage, { listen, store, profile, phrase }, found) {
  const device = await stage.launchBrowser({ profile });
  const { page } = device;
  await device.context.setOffline(true);
  await page.goto(`http://${listen}/sessions`);
  await unlock(page, phrase);
  const relay = await stage.startRelay({ store, listen });
  const pulls = [];
  page.on("response", (response) => response.url().endsWith("/pull") && response.ok() && pulls.push(response));
  await page.evaluate(noteLongTasks);
  const begun = performance.now();
  await device.context.setOffline(false);
  await page.locator(".top-place", { hasText: LAST }).waitFor();
  found[TIME].push(performance.now() - begun);
  found[LONGEST].push(await longestTask(page));
  const sizes = await Promise.all(pulls.map((response) => response.request().sizes()));
  found[PULLS].push(pulls.length);
  found[BYTES].push(sizes.reduce((total, { responseBodySize }) => total + responseBodySize, 0));
  await device.close();
  await relay.stop();
}

/** New sessions and, for the rest, changes of the centre, each saved by the button of its form. */
async function makeEnvelopes(page) {
  const before = await envelopes(page);
  for (let session = 0; session < SESSIONS; session += 1) await planSession(page, today());
  const left = ENVELOPES - 1 - ((await envelopes(page)) - before);
  await walk(page, "/centre");
  await page.locator("#venue-name").waitFor();
  await page.evaluate(changeVenue, left);
  await fill(page, { "centre-name": LAST });
  await press(page, "Save the centre");
  await page.locator(".top-place", { hasText: LAST }).waitFor();
}

async function envelopes(page) {
  return (await readRows(page)).filter(({ table }) => table === "log").length;
}

/** Types another venue and presses the button, so many times; each waits until the one before is stored. */
async function changeVenue(times) {
  const field = document.getElementById("venue-name");
  const button = field.form.querySelector("button[type=submit]");
  const idle = () => !button.hasAttribute("aria-disabled");
  for (let time = 1; time <= times; time += 1) {
    field.value = `Saltmere Hall ${time}`;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    button.click();
    await new Promise((done) => {
      const watcher = new MutationObserver(() => {
        if (!idle()) return;
        watcher.disconnect();
        done();
      });
      watcher.observe(button, { attributes: true });
    });
  }
}
