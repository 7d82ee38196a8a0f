// Joining from afar: a link that fell into other hands is refused, a good one is carried from a browser's tab into the installed app, and the app is closed while it waits.
import assert from "node:assert/strict";
import { searchRows } from "../support/canaries.mjs";
import { readRows } from "../support/store.mjs";
import { Outside } from "../pages/outside.mjs";
import { startCentre } from "../pages/team.mjs";
import { CENTRE, ROOMS, TREVANE } from "../pages/today.mjs";

export const name = "join_by_link";

const JOAN = { name: "Joan Tibbs", roles: ["Volunteer"] };

export async function run(stage) {
  const relay = await stage.startRelay();
  const ruth = await startCentre(stage, relay, CENTRE);
  await ruth.desk.addRooms(ROOMS);
  await ruth.desk.takeOn(TREVANE);

  stage.step("somebody else opens Joan's link; their digits are not hers, and Ruth refuses");
  const lost = await ruth.desk.invite(JOAN);
  const stranger = await stage.launchBrowser();
  await stranger.page.goto(lost);
  const theirs = new Outside(stranger.page);
  await theirs.nameTablet("Amber");
  await theirs.rehearse("Join");
  await theirs.sixDigits();
  await ruth.desk.open("People");
  await ruth.desk.waitingDigits(JOAN.name);
  await ruth.desk.inviteCard(JOAN.name).getByRole("button", { name: "The numbers differ: refuse" }).click();
  await ruth.desk.inviteCard(JOAN.name).waitFor({ state: "detached" });
  await theirs.main.getByText(/^Your co-ordinator turned this tablet away\./).waitFor();
  const rows = await readRows(stranger.page);
  assert.deepEqual(rows.filter(({ table }) => table === "log"), []);
  assert.deepEqual(searchRows(rows, { centre: CENTRE.centre, room: ROOMS[0] }), []);

  stage.step("the new link is opened in a browser's tab, and carried into the installed app");
  const link = await ruth.desk.invite(JOAN);
  const tab = await stage.launchBrowser();
  await tab.page.goto(link);
  await new Outside(tab.page).main.getByLabel("What shall this tablet be called?").waitFor();
  await tab.page.getByRole("button", { name: /^Copy/ }).waitFor();
  const installed = await stage.launchBrowser();
  await installed.page.goto(relay.url);
  const hers = new Outside(installed.page);
  await hers.door("Join my centre").click();
  await hers.nameTablet("Teal", link);
  const phrase = await hers.rehearse("Join");
  const digits = await hers.sixDigits();

  stage.step("she closes the app while it waits, and finds the same digits again");
  await installed.close();
  const again = await installed.reopen();
  await again.page.goto(relay.url);
  const waiting = new Outside(again.page);
  await waiting.tryPhrase("new", phrase);
  assert.equal(await waiting.sixDigits(), digits);

  stage.step("the digits are the same: Ruth approves, and both screens say so");
  await ruth.desk.open("People");
  assert.equal(await ruth.desk.waitingDigits(JOAN.name), digits);
  await ruth.desk.approve(JOAN.name);
  await ruth.desk.main.getByRole("rowheader").getByRole("link", { name: JOAN.name, exact: true }).waitFor();
  await waiting.inside();

  stage.step("the link is used: nobody else gets in by it");
  await theirs.button("Use another invite").click();
  await theirs.nameTablet("Amber", link);
  await theirs.rehearse("Join");
  await theirs.main.getByText(/^This invite was used already/).waitFor();
}
