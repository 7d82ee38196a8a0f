// The page comes in parts: who has no desk fetches none, a kept part needs no signal, and one that cannot be had says so.
import assert from "node:assert/strict";
import { holdBack, untilKept } from "../support/browser.mjs";
import { violations } from "../support/themes.mjs";
import { Desk } from "../pages/desk.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { DESK_SCREEN, enrol, startCentre } from "../pages/team.mjs";

export const name = "parts";

const NAMES = { centre: "Saltmere Contact Centre", venue: "Saltmere Hall", name: "Ruth Calder", device: "Desk" };
const JOAN = { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" };
const DESK = /\/part-desk-[0-9a-f]{16}\.wasm$/;
const ASIDE = /\/part-aside-[0-9a-f]{16}\.wasm$/;
const MISSING = "This page could not be fetched";

export async function run(stage) {
  const relay = await stage.startRelay();
  const ruth = await startCentre(stage, relay, NAMES);
  const joan = await enrol(stage, ruth.desk, JOAN);
  await untilKept(ruth.device.page);
  await cannotBeHad(stage, relay);
  await relay.stop();

  stage.step("a volunteer's tablet comes to Today without the desk, and to Help without signal");
  const tablet = await reopened(joan.device, relay);
  await new Outside(tablet.page).unlock("JT", joan.phrase);
  const hall = new Hall(tablet.page);
  await hall.heading("Today").waitFor();
  await untilFetched(tablet.page, ASIDE);
  await hall.open("Help");
  await hall.heading("Help").waitFor();
  assert.deepEqual((await fetched(tablet.page)).filter((part) => DESK.test(part)), [], "no desk for a volunteer");

  stage.step("a co-ordinator's device comes to the desk without signal");
  const office = await reopened(ruth.device, relay);
  await new Outside(office.page).unlock("RC", ruth.phrase);
  await new Desk(office.page).heading("Work").waitFor();
  await untilFetched(office.page, DESK);
}

/** A first visit on a bad line: nothing is kept yet, and the desk does not come. */
async function cannotBeHad(stage, relay) {
  stage.step("a part that cannot be had says so, and everything else works");
  const device = await stage.launchBrowser({ viewport: DESK_SCREEN, serviceWorkers: "block" });
  const { context, page } = device;
  const desk = new Desk(page);
  await context.route(DESK, (route) => route.abort());
  await page.goto(relay.url);
  await new Outside(page).lookAround();
  await focused(page, MISSING);
  assert.deepEqual(await violations(page), [], "faults on the page that stands in");
  await desk.open("Today");
  await desk.main.getByRole("listitem").first().waitFor();
  await desk.open("Families");
  await focused(page, MISSING);

  stage.step("tried again it comes, and the focus goes along");
  await context.unroute(DESK);
  const { asked, release } = await holdBack(page, DESK);
  await desk.button("Try again").press("Enter");
  await asked;
  await focused(page, "Opening…");
  release();
  await focused(page, "Families");
  assert.deepEqual(device.troubles.filter((line) => line.startsWith("uncaught")), []);
}

/** The same profile in a new process, at an unlock screen that has fetched no part. */
async function reopened(device, relay) {
  await device.close();
  const cold = await device.reopen();
  await cold.page.goto(relay.url);
  await cold.page.getByRole("button", { name: "Unlock", exact: true }).waitFor();
  assert.deepEqual(await fetched(cold.page), [], "the unlock screen needs no part");
  return cold;
}

/** The page's heading has these words, and the focus. */
async function focused(page, words) {
  await page.waitForFunction((wanted) => {
    const holder = document.activeElement;
    return holder?.tagName === "H1" && holder.textContent === wanted;
  }, words);
}

/** The addresses of the parts that this page has asked for, from wherever they came. */
async function fetched(page) {
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
  return asked.filter((address) => /\/part-[^/]*\.wasm$/.test(address));
}

async function untilFetched(page, part) {
  await page.waitForFunction(
    (source) => performance.getEntriesByType("resource").some(({ name }) => new RegExp(source).test(name)),
    part.source,
  );
}
