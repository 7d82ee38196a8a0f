// The key screens at four widths. With NG_SCREENSHOTS=1 the pictures in the repository are made anew.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { picture, setTheme } from "../support/themes.mjs";
import { root, screenshots } from "../support/paths.mjs";
import { Desk } from "../pages/desk.mjs";
import { Outside } from "../pages/outside.mjs";
import { Shared } from "../pages/pin.mjs";
import { deskScreens, hallScreens } from "../pages/screens.mjs";
import { DESK_SCREEN, startCentre } from "../pages/team.mjs";
import { CENTRE } from "../pages/today.mjs";

export const name = "screenshots";

const KEY_SCREENS = ["today-under-way", "visit-composer", "referral-to-decide", "family", "people", "work", "session", "sync"];
/** For the installed app's manifest: a phone and a desk. */
const INSTALL = [
  { file: "today-narrow.png", screen: "today-under-way", size: { width: 390, height: 844 } },
  { file: "note-narrow.png", screen: "visit-composer", size: { width: 390, height: 844 } },
  { file: "today-wide.png", screen: "today-under-way", size: { width: 1280, height: 800 } },
];

export async function run(stage) {
  const keep = process.env.NG_SCREENSHOTS === "1";
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "ng-pictures-"));
  const folder = keep ? screenshots : scratch;
  const installFolder = keep ? path.join(root, "public", "screenshots") : scratch;
  const files = [];
  const draw = async (page, screen, options = {}) => {
    await page.evaluate(() => scrollTo(0, 0));
    files.push(...(await picture(page, screen, { folder, ...options })));
  };
  try {
    const relay = await stage.startRelay();
    await drawDoors(stage, relay, draw);
    stage.step("the made-up families");
    const { page, ...device } = await stage.launchBrowser({ viewport: DESK_SCREEN });
    await page.goto(relay.url);
    await new Outside(page).lookAround();
    const look = async (screen) => {
      if (KEY_SCREENS.includes(screen)) await draw(page, screen);
      for (const { file, size } of INSTALL.filter((one) => one.screen === screen)) {
        files.push(await drawForInstall(page, path.join(installFolder, file), size));
      }
      if (screen === "today-under-way") await drawInTheme(page, "hall", "today-hall", draw);
      if (screen === "visit-composer") await drawInTheme(page, "dark", "visit-dark", draw);
    };
    await hallScreens({ page, ...device }, look);
    await deskScreens({ page, ...device }, look);
    for (const file of files) assert.ok(fs.statSync(file).size > 5_000, `${file} is empty`);
    stage.step(`${files.length} pictures${keep ? " kept" : " drawn and thrown away"}`);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function drawDoors(stage, relay, draw) {
  stage.step("the doors and the unlock screen");
  const { page } = await stage.launchBrowser({ viewport: DESK_SCREEN });
  await page.goto(relay.url);
  await new Outside(page).door("Start a centre").waitFor();
  await draw(page, "doors");
  const { device } = await startCentre(stage, relay, CENTRE);
  const shared = new Shared(device.page);
  await shared.choosePin("402918");
  await new Desk(device.page).open("More");
  await device.page.getByRole("main").getByRole("button", { name: "Lock", exact: true }).click();
  await shared.locked();
  await draw(device.page, "unlock-by-pin");
  await device.page.getByRole("button", { name: "Use my four words instead" }).click();
  await draw(device.page, "unlock");
}

async function drawInTheme(page, theme, name, draw) {
  await setTheme(page, theme);
  await draw(page, name, { widths: [820, 1180] });
  await setTheme(page, "light");
}

async function drawForInstall(page, file, size) {
  const before = page.viewportSize();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await page.setViewportSize(size);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: file, animations: "disabled" });
  await page.setViewportSize(before);
  return file;
}
