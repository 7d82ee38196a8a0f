// A tablet is lost: shut out from the desk in three taps, it erases itself, and neither it nor a copy learns what comes after.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setOffline } from "../support/browser.mjs";
import { canaryWord, searchFolder, searchRows } from "../support/canaries.mjs";
import { readRows } from "../support/store.mjs";
import { countTaps } from "../support/taps.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { anotherTablet, enrol, startCentre } from "../pages/team.mjs";
import { CENTRE, ROOMS, TREVANE, sessionTimes } from "../pages/today.mjs";

export const name = "lost_tablet";

/** What a tablet that was shut out still knows: that it was. */
const NOTE = "shut-out";

export async function run(stage) {
  const relay = await stage.startRelay();
  const times = await sessionTimes();
  const secret = canaryWord(stage.chance);

  stage.step("a centre with two volunteers and a visit today");
  const ruth = await startCentre(stage, relay, CENTRE);
  await ruth.desk.addRooms(ROOMS);
  const trevane = await ruth.desk.takeOn(TREVANE);
  const joan = await enrol(stage, ruth.desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" });
  const priya = await enrol(stage, ruth.desk, { name: "Priya Nair", roles: ["Volunteer"], tablet: "Amber" });
  await ruth.desk.planSession({ ...times, leader: "Ruth Calder", workers: ["Joan Tibbs", "Priya Nair"] });
  await ruth.desk.bookVisit({ ...times, family: trevane, room: ROOMS[0] });
  const atDesk = new Hall(ruth.device.page);
  for (const hall of [joan.hall, priya.hall]) {
    await hall.openToday();
    await hall.row("Mia").place.waitFor();
    await hall.allSent();
  }

  stage.step("Teal is gone, and somebody has copied what is on it");
  const copied = fs.mkdtempSync(path.join(os.tmpdir(), "ng-device-"));
  await joan.device.close();
  fs.cpSync(joan.device.folder, copied, { recursive: true, force: true, filter: (file) => !/Singleton/.test(file) });

  stage.step("Ruth shuts it out, in three taps from the list of people");
  await ruth.desk.open("People");
  const taps = await countTaps(ruth.desk.page, () => ruth.desk.shutOut("Joan Tibbs", "Teal"));
  assert.equal(taps, 3);

  stage.step("what is written from now on reaches those who stay");
  await priya.hall.row("Mia").visiting.getByRole("button", { name: /^Not coming: / }).click();
  await priya.hall.page.locator(".absence-line").fill(secret);
  await priya.hall.page.getByRole("button", { name: "Cancelled late" }).click();
  await priya.hall.allSent();
  await atDesk.openVisit("Mia");
  await atDesk.timeline.getByText(secret).waitFor();

  stage.step("Teal meets the relay, is refused and erases itself");
  const teal = await joan.device.reopen();
  await meetsTheRelay(teal, relay, joan.phrase, secret);
  await teal.close();
  assert.deepEqual(searchFolder(teal.folder, { secret }), []);

  stage.step("so does the copy, although its holder knows the phrase");
  const copy = await stage.launchBrowser({ profile: copied });
  await setOffline(copy, true);
  await copy.page.goto(relay.url);
  await new Outside(copy.page).unlock("JT", joan.phrase);
  const stolen = new Hall(copy.page);
  await stolen.row("Mia").place.waitFor();
  assert.equal(await stolen.page.getByText(secret).count(), 0);
  await setOffline(copy, false);
  await new Outside(copy.page).heading("Keys on this tablet were ended").waitFor();
  assert.deepEqual(searchRows(await readRows(copy.page), { secret }), []);

  stage.step("Joan has a new tablet, and finds the day with what came meanwhile");
  const plum = await anotherTablet(stage, ruth.desk, "Joan Tibbs", "Plum");
  await plum.openVisit("Mia");
  await plum.timeline.getByText(secret).waitFor();
}

/** Unlocks a tablet that was shut out: it says so, also after a reload, and keeps nothing. */
async function meetsTheRelay({ page }, relay, phrase, secret) {
  const outside = new Outside(page);
  await page.goto(relay.url);
  await outside.tryPhrase("JT", phrase);
  await outside.heading("Keys on this tablet were ended").waitFor();
  const rows = await readRows(page);
  assert.deepEqual(rows.map(({ table, key }) => `${table} ${key}`), [`meta ${NOTE}`]);
  assert.deepEqual(searchRows(rows, { secret }), []);
  await page.reload();
  await outside.heading("Keys on this tablet were ended").waitFor();
  await outside.button("I have read this").click();
  await outside.door("Join my centre").waitFor();
}
