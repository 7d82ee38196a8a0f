// The unlock screen does not wait for the engine: a phrase sent before it is there is taken as soon as it is.
import assert from "node:assert/strict";
import { holdBack } from "../support/browser.mjs";
import { Outside } from "../pages/outside.mjs";

export const name = "unlock_early";

const NAMES = { centre: "Saltmere Contact Centre", venue: "Saltmere Hall", name: "Ruth Calder", device: "Desk" };
const ENGINE = /\/engine-[0-9a-f]+_bg\.wasm$/;
const WRONG_PHRASE = /^That phrase does not open this tablet for this person\./;

export async function run(stage) {
  const relay = await stage.startRelay();
  // Without a service worker the engine comes over the network at every start, where it can be held back.
  const device = await stage.launchBrowser({ serviceWorkers: "block" });
  await device.page.goto(relay.url);
  const phrase = await new Outside(device.page).startCentre(NAMES);
  await device.close();

  for (const [words, typed, then] of [
    ["the right phrase leads in", phrase, (outside) => outside.inside()],
    ["a wrong phrase is refused, and the right one still leads in", "four wrong words here", (outside) => wrong(outside, phrase)],
  ]) {
    stage.step(`${words}, sent before the engine was there`);
    const again = await device.reopen();
    const { page } = again;
    const { asked, release } = await holdBack(page, ENGINE);
    await page.goto(relay.url);
    const outside = new Outside(page);
    await asked;
    await outside.tryPhrase("RC", typed);
    assert.equal(await page.getByRole("navigation", { name: "Pages" }).count(), 0, "nothing opens without the engine");
    release();
    await then(outside);
    await again.close();
  }
}

async function wrong(outside, phrase) {
  await outside.main.getByText(WRONG_PHRASE).waitFor();
  await outside.unlock("RC", phrase);
}
