// Every screen in every theme passes axe, and none scrolls sideways at any width.
import assert from "node:assert/strict";
import { violations } from "../support/themes.mjs";
import { Outside } from "../pages/outside.mjs";
import { Desk } from "../pages/desk.mjs";
import {
  deskScreens, hallScreens, joiningScreens, lockScreens, lostScreens, newCentreScreens, outsideScreens,
} from "../pages/screens.mjs";
import { DESK_SCREEN, enrol } from "../pages/team.mjs";

export const name = "accessibility";

const WIDTHS = [320, 390, 820, 1180, 1440];

export async function run(stage) {
  const relay = await stage.startRelay();
  const faults = [];
  let screens = 0;
  const lookAt = (page) => async (screen, other = page) => {
    screens += 1;
    const found = [...(await violations(other)), ...(await sideways(other))];
    if (found.length > 0) stage.step(`${screen}: ${found.length} faults`);
    faults.push(...found.map((fault) => `${screen}: ${fault}`));
  };

  stage.step("in front of the doors");
  const ruth = await stage.launchBrowser({ viewport: DESK_SCREEN });
  const phrase = await outsideScreens(ruth, relay.url, lookAt(ruth.page));
  stage.step("a centre that has only just begun");
  const link = await newCentreScreens(ruth, phrase, lookAt(ruth.page));
  stage.step("a tablet that wants to join");
  const teal = await stage.launchBrowser();
  await joiningScreens(teal, ruth, link, lookAt(ruth.page));
  stage.step("a tablet that is lost");
  const joan = { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" };
  await lostScreens(await enrol(stage, new Desk(ruth.page), joan), ruth, lookAt(ruth.page));
  stage.step("a device with a lock");
  await lockScreens(await stage.launchBrowser(), relay.named, lookAt(ruth.page));

  stage.step("the hall, with made-up families");
  const visitor = await stage.launchBrowser({ viewport: DESK_SCREEN });
  await visitor.page.goto(relay.url);
  await new Outside(visitor.page).lookAround();
  await hallScreens(visitor, lookAt(visitor.page));
  stage.step("the desk, with made-up families");
  await deskScreens(visitor, lookAt(visitor.page));

  stage.step(`${screens} screens looked at in three themes and at ${WIDTHS.length} widths`);
  assert.deepEqual(faults, [], "faults on screens");
}

/** Where the page is wider than the window, and what is to blame. */
async function sideways(page) {
  const before = page.viewportSize();
  const found = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: before.height });
    const wide = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const root = document.documentElement;
      if (root.scrollWidth <= innerWidth) return null;
      const over = [...document.body.querySelectorAll("*")].filter((part) => {
        const box = part.getBoundingClientRect();
        return box.width > 0 && box.right > innerWidth + 1;
      });
      const words = over.slice(0, 3).map((part) => `${part.tagName}.${part.className}`);
      return `${root.scrollWidth} px wide because of ${words.join(", ")}`;
    });
    if (wide !== null) found.push(`at ${width} px the page is ${wide}`);
  }
  await page.setViewportSize(before);
  return found;
}
