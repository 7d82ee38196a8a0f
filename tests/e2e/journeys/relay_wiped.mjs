// The relay burns down and an empty one takes its place: the desk brings the centre back, nothing is called sent before.
import assert from "node:assert/strict";
import { logOf } from "../support/store.mjs";
import { Hall } from "../pages/hall.mjs";
import { enrol, startCentre } from "../pages/team.mjs";
import { CENTRE, ROOMS, TREVANE, sessionTimes } from "../pages/today.mjs";

export const name = "relay_wiped";

const ANOTHER_RELAY = /^Not sent: another relay answers at this address/;

export async function run(stage) {
  let relay = await stage.startRelay();
  const times = await sessionTimes();

  stage.step("a centre with two volunteers and a visit today");
  const ruth = await startCentre(stage, relay, CENTRE);
  await ruth.desk.addRooms(ROOMS);
  const trevane = await ruth.desk.takeOn(TREVANE);
  const joan = await enrol(stage, ruth.desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" });
  const priya = await enrol(stage, ruth.desk, { name: "Priya Nair", roles: ["Volunteer"], tablet: "Amber" });
  await ruth.desk.planSession({ ...times, leader: "Ruth Calder", workers: ["Joan Tibbs", "Priya Nair"] });
  await ruth.desk.bookVisit({ ...times, family: trevane, room: ROOMS[0] });
  const atDesk = new Hall(ruth.device.page);
  const everybody = [atDesk, joan.hall, priya.hall];
  for (const hall of everybody) {
    await hall.open("Today");
    await hall.row("Mia").place.waitFor();
  }
  await joan.hall.row("Mia").record("Mia's dad is here");
  await atDesk.row("Mia").visiting.getByText(/^Here since/).waitFor();
  await priya.hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
  for (const hall of everybody) await hall.allSent();

  stage.step("the relay is gone, and an empty one answers at its address");
  await relay.kill();
  relay.remove();
  await priya.hall.row("Mia").record("Mia is here with mum");
  await priya.hall.hasUnsent();
  relay = await relay.replace();
  for (const hall of everybody) {
    assert.match(await hall.sendNow(), ANOTHER_RELAY);
    await hall.hasUnsent();
  }
  const volunteersButton = joan.hall.main.getByRole("button", { name: "This is our new relay" });
  assert.equal(await volunteersButton.count(), 0, "a volunteer is not asked which relay is theirs");

  stage.step("Ruth says that it is theirs, and her desk fills it");
  const before = await logOf(ruth.device.page);
  await atDesk.followNewRelay();
  await atDesk.allSent();

  stage.step("both volunteers come back, and all see the same day");
  for (const { hall } of [joan, priya]) {
    // What it heard meanwhile it attests, which is one more thing to send.
    assert.doesNotMatch(await hall.sendNow(), /^Not sent/);
    await hall.allSent();
  }
  const days = [];
  for (const hall of everybody) {
    await hall.openToday();
    await hall.row("Mia").bringing.getByText(/^Here since/).waitFor();
    await hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
    days.push(await hall.day());
  }
  assert.deepEqual(days[1], days[0]);
  assert.deepEqual(days[2], days[0]);
  const after = await logOf(ruth.device.page);
  const lost = [...before].filter(([key, envelope]) => after.get(key) !== envelope);
  assert.deepEqual(lost, [], "what was held is held");

  stage.step("a newcomer has the whole day from the new relay alone");
  for (const { device } of [joan, priya]) await device.close();
  const ines = await enrol(stage, ruth.desk, { name: "Ines Moreau", roles: ["Volunteer"], tablet: "Plum" });
  await ines.hall.open("Today");
  await ines.hall.row("Mia").bringing.getByText(/^Here since/).waitFor();
  await ines.hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
  assert.deepEqual(await ines.hall.day(), days[0]);
}
