// Every tablet of a centre is lost: two of the three printed sheets open it again, everybody's records are there, and new sheets end the old ones.
import assert from "node:assert/strict";
import { searchFolder } from "../support/canaries.mjs";
import { Desk } from "../pages/desk.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { Sheets } from "../pages/sheets.mjs";
import { DESK_SCREEN, anotherTablet, enrol, startCentre } from "../pages/team.mjs";
import { CENTRE, ROOMS, TREVANE, sessionTimes } from "../pages/today.mjs";

export const name = "all_devices_lost";

export async function run(stage) {
  const relay = await stage.startRelay();
  const times = await sessionTimes();

  stage.step("a centre prints its three sheets and tries two of them");
  const ruth = await startCentre(stage, relay, CENTRE);
  const sheets = await new Sheets(ruth.device.page).make();
  assert.equal(new Set(sheets).size, 3);
  await printsThreePages(ruth.device.page);
  await new Sheets(ruth.device.page).putAway();
  await new Sheets(ruth.device.page).tryTwo(sheets[2], sheets[0]);
  await mistypes(new Sheets(ruth.device.page), sheets);

  stage.step("what comes afterwards is a family, a volunteer and an arrival");
  await ruth.desk.addRooms(ROOMS);
  const trevane = await ruth.desk.takeOn(TREVANE);
  const joan = await enrol(stage, ruth.desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" });
  await ruth.desk.planSession({ ...times, leader: "Ruth Calder", workers: ["Joan Tibbs"] });
  await ruth.desk.bookVisit({ ...times, family: trevane, room: ROOMS[0] });
  await joan.hall.openToday();
  await joan.hall.row("Mia").record("Mia's dad is here");
  await joan.hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
  for (const hall of [new Hall(ruth.device.page), joan.hall]) await hall.allSent();

  stage.step("the hall burns down: every tablet is gone");
  for (const { device } of [ruth, joan]) await device.close();

  stage.step("two sheets, typed in on a new laptop, open the centre");
  const laptop = await stage.launchBrowser({ viewport: DESK_SCREEN });
  await laptop.page.goto(relay.url);
  const outside = new Outside(laptop.page);
  await outside.main.getByRole("link", { name: /trustees. sheets/ }).click();
  await outside.giveSheets({ one: sheets[1], other: sheets[1], name: "Ann Marlowe", device: "New laptop" });
  await outside.main.getByText(/the same sheet as the other/).first().waitFor();
  // Four letters of each word, as a tired person types them.
  const short = sheets[0].split(" ").map((word) => word.slice(0, 4)).join(" ");
  await outside.giveSheets({ one: short, other: sheets[1] });
  const phrase = await outside.rehearse("Open the centre");
  await outside.inside();

  stage.step("everything is there, and it is said that sheets were used");
  const hall = new Hall(laptop.page);
  const desk = new Desk(laptop.page);
  await hall.openToday();
  await hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
  await desk.open("Families");
  await desk.main.getByRole("rowheader").getByRole("link", { name: trevane }).click();
  await desk.button("Open and log: who visits").click();
  await desk.main.getByText(TREVANE.referral.visiting.phone).waitFor();
  await desk.page.getByText(/sheets were used to open the centre/).waitFor();

  stage.step("the lost tablets are shut out, and Joan comes back");
  await desk.open("People");
  await desk.shutOut("Ruth Calder", CENTRE.device);
  await desk.open("People");
  await desk.shutOut("Joan Tibbs", "Teal");
  const amber = await anotherTablet(stage, desk, "Joan Tibbs", "Amber");
  await amber.page.getByText(/sheets were used to open the centre/).waitFor();
  await amber.openToday();
  await amber.row("Mia").visiting.getByText(/^Here since/).waitFor();

  stage.step("new sheets, once tried, end the old ones");
  const again = new Sheets(laptop.page);
  const fresh = await again.make();
  await again.putAway();
  await again.tryTwo(fresh[0], fresh[1]);
  await desk.page.getByText(/sheets were used to open the centre/).waitFor({ state: "detached" });
  const thief = await stage.launchBrowser();
  await thief.page.goto(`${relay.url}/rebuild`);
  const door = new Outside(thief.page);
  await door.giveSheets({ one: sheets[0], other: sheets[2], name: "Nobody", device: "Thief" });
  await door.rehearse("Open the centre");
  await door.main.getByText(/together they open nothing/).first().waitFor();

  stage.step("nothing on the laptop holds a sheet, and its own phrase opens it");
  await hall.allSent();
  await laptop.close();
  const canaries = { sheet: fresh[0].split(" ").slice(0, 4).join(" "), used: sheets[1].split(" ").slice(0, 4).join(" ") };
  assert.deepEqual(searchFolder(laptop.folder, canaries), []);
  const back = await laptop.reopen();
  await back.page.goto(relay.url);
  await new Outside(back.page).unlock("AM", phrase);
}

/** On paper each sheet is a page, and nothing of the app is on any. */
async function printsThreePages(page) {
  await page.emulateMedia({ media: "print" });
  const shown = (selector) => page.locator(selector).filter({ visible: true });
  assert.equal(await shown(".sheet").count(), 3);
  for (const part of [".top-bar", ".nav-bar", ".button", ".page-head", ".standing-notes"]) {
    assert.equal(await shown(part).count(), 0, `${part} is not printed`);
  }
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g)?.length, 3, "three pages");
  await page.emulateMedia({ media: "screen" });
}

/** What is wrong is said beside the sheet that it is wrong on. */
async function mistypes(page, sheets) {
  const words = sheets[0].split(" ");
  await page.type(words.slice(1).join(" "), sheets[1]);
  await page.main.getByText(/A sheet has 28 words; 27 words are here/).first().waitFor();
  await page.type(["hallway", ...words.slice(1)].join(" "), sheets[1]);
  await page.main.getByText(/Word 1 is not one that a sheet can have/).first().waitFor();
  await page.type([words[1], words[0], ...words.slice(2)].join(" "), sheets[1]);
  await page.main.getByText(/two have changed places/).first().waitFor();
}
