// A tablet comes out of a drawer after more than a month: the right phrase opens nothing until the relay was met, and nothing is lost.
import assert from "node:assert/strict";
import { setOffline } from "../support/browser.mjs";
import { metAMonthAgo } from "../support/store.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { enrol, startCentre } from "../pages/team.mjs";
import { CENTRE, ROOMS, TREVANE, sessionTimes } from "../pages/today.mjs";

export const name = "out_of_touch";

export async function run(stage) {
  const relay = await stage.startRelay();
  const times = await sessionTimes();

  stage.step("a volunteer records an arrival without signal, and the tablet goes into a drawer");
  const ruth = await startCentre(stage, relay, CENTRE);
  await ruth.desk.addRooms(ROOMS);
  const family = await ruth.desk.takeOn(TREVANE);
  const joan = await enrol(stage, ruth.desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" });
  await ruth.desk.planSession({ ...times, leader: "Ruth Calder", workers: ["Joan Tibbs"] });
  await ruth.desk.bookVisit({ ...times, family, room: ROOMS[0] });
  await joan.hall.openToday();
  await joan.hall.row("Mia").place.waitFor();
  await setOffline(joan.device, true);
  await joan.hall.row("Mia").record("Mia's dad is here");
  await joan.hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
  await joan.hall.lock();
  await metAMonthAgo(joan.device.page);

  stage.step("her phrase is right, and leads to a page that asks for a network");
  const { page } = joan.device;
  const outside = new Outside(page);
  await page.reload();
  await outside.tryPhrase("JT", joan.phrase);
  await outside.heading("Connect this tablet to a network").waitFor();
  assert.equal(await page.getByText("Mia").count(), 0);
  await outside.button("Try now").click();
  await outside.main.getByText(/^Not yet: there is no signal/).waitFor();
  await page.reload();
  await outside.tryPhrase("JT", joan.phrase);
  await outside.heading("Connect this tablet to a network").waitFor();

  stage.step("with a network it opens by itself, and what waited is sent");
  await setOffline(joan.device, false);
  await outside.inside();
  await joan.hall.allSent();
  const desk = new Hall(ruth.device.page);
  await desk.openToday();
  await desk.row("Mia").visiting.getByText(/^Here since/).waitFor();
}
