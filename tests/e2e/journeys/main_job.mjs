// The product's main job: a referral becomes a session day that two tablets run without signal.
import assert from "node:assert/strict";
import { setOffline } from "../support/browser.mjs";
import { startSignal } from "../support/signal.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { enrol, liesReadable, startCentre } from "../pages/team.mjs";
import { ODUYA, CENTRE, TREVANE, ROOMS, sessionTimes } from "../pages/today.mjs";

export const name = "main_job";

const SEEN_BY_TWO = "Seen by two: Joan Tibbs on Teal, Priya Nair on Amber";
const OBSERVED = "Kofi ran to his mum and showed her a drawing of a heron.";
const SAID = "I want to come again on Saturday";
const TOGETHER_AGAIN_MS = 5_000;

export async function run(stage) {
  const [door, room] = [await startSignal(), await startSignal()];
  try {
    await play(stage, door, room);
  } finally {
    await Promise.all([door.stop(), room.stop()]);
  }
}

async function play(stage, door, room) {
  const relay = await stage.startRelay();
  const times = await sessionTimes();

  stage.step("Ruth starts a centre, adds rooms and takes two families on");
  const ruth = await startCentre(stage, relay, CENTRE);
  await ruth.desk.addRooms(ROOMS);
  const trevane = await ruth.desk.takeOn(TREVANE);
  const oduya = await ruth.desk.takeOn(ODUYA);

  stage.step("Joan's and Priya's tablets join");
  const joan = await enrol(stage, ruth.desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" }, { proxy: door.proxy });
  const priya = await enrol(stage, ruth.desk, { name: "Priya Nair", roles: ["Supervisor"], tablet: "Amber" }, { proxy: room.proxy });

  stage.step("Ruth plans today's session and books both visits");
  await ruth.desk.planSession({ ...times, leader: "Ruth Calder", workers: ["Joan Tibbs", "Priya Nair"] });
  await ruth.desk.bookVisit({ ...times, family: trevane, room: ROOMS[0] });
  await ruth.desk.bookVisit({ ...times, family: oduya, room: ROOMS[1], supervisor: "Priya Nair" });
  for (const { hall } of [joan, priya]) {
    await hall.open("Today");
    await hall.row("Mia").place.waitFor();
    await hall.row("Kofi").place.waitFor();
    await hall.allSent();
  }

  const teal = await reopenedCold(stage, relay, { ...joan, signal: door }, "Teal", "JT");
  const amber = await reopenedCold(stage, relay, { ...priya, signal: room }, "Amber", "PN");
  await runTheSession(stage, teal, amber);

  const ruthSees = new Hall(ruth.device.page);
  await ruthSees.openToday();
  await ruthSees.row("Mia").visiting.getByText("Not here yet").waitFor();
  const ruthReads = await ruthSees.openVisit("Kofi");
  assert.equal(await ruthSees.composer.place.count(), 0, "only the supervisor writes");

  stage.step("both come back into signal");
  const start = performance.now();
  door.switchOn();
  room.switchOn();
  await Promise.all([setOffline(teal.device, false), setOffline(amber.device, false)]);
  await Promise.all([
    seenByTwo(teal.hall),
    seenByTwo(amber.hall),
    ruthSees.timeline.getByText(OBSERVED).waitFor(),
    ruthReads.visiting.getByText(/^Here since/).waitFor(),
  ]);
  await ruthSees.openToday();
  await seenByTwo(ruthSees);
  const days = await sameDay([teal.hall, amber.hall, ruthSees]);
  const took = performance.now() - start;
  stage.step(`all three show the same day after ${(took / 1000).toFixed(2)} s`);
  assert.ok(took < TOGETHER_AGAIN_MS, `expected the same day within ${TOGETHER_AGAIN_MS} ms, took ${took.toFixed(0)} ms`);
  assert.equal(days.length, 2, "two visits, none of them doubled");
  assert.equal(days.flatMap((row) => row.visiting).filter((line) => line.startsWith("Seen by")).length, 1);

  await noteIsRuthsAndNotTeals(stage, relay, { ruth: ruthSees, teal });
  for (const device of [ruth.device, joan.device, priya.device, teal.device, amber.device]) {
    assert.deepEqual(device.strangers(relay.url), [], "something asked another origin");
    assert.deepEqual(device.troubles.filter((line) => /^uncaught|Content Security Policy/.test(line)), []);
  }
}

/** The browser's process ends; a new one opens the app without a network. */
async function reopenedCold(stage, relay, { device, phrase, signal }, tablet, initials) {
  stage.step(`${tablet} is closed, and opened cold without signal`);
  signal.switchOff();
  await device.close();
  const cold = await device.reopen({ offline: true });
  await cold.page.goto(relay.url);
  const hall = new Hall(cold.page);
  await new Outside(cold.page).unlock(initials, phrase);
  await hall.row("Mia").place.waitFor();
  return { device: cold, hall };
}

/** Arrivals, handovers and the note, recorded on two tablets that do not hear of each other. */
async function runTheSession(stage, teal, amber) {
  stage.step("Teal and Amber record the same arrival");
  const [atDoor, inRoom] = [teal.hall.row("Mia"), amber.hall.row("Mia")];
  await atDoor.record("Mia's dad is here");
  await atDoor.visiting.getByText(/^Here since \d\d:\d\d$/).waitFor();
  assert.equal(await inRoom.visiting.getByText("Not here yet").count(), 1, "Amber cannot have heard of it");
  await inRoom.record("Mia's dad is here");
  await inRoom.visiting.getByText(/^Here since \d\d:\d\d$/).waitFor();

  stage.step("Teal goes on: mum and Mia, a slip taken back, the handover");
  await atDoor.record("Mia is here with mum");
  await atDoor.bringing.getByText(/^Here since/).waitFor();
  await atDoor.undo.click();
  await atDoor.bringing.getByText("Not here yet").waitFor();
  await atDoor.record("Mia is here with mum");
  await atDoor.record("Hand Mia to dad");
  await atDoor.place.getByText(/^Mia with dad since/).waitFor();

  stage.step("a supported visit has nowhere to write, on either tablet");
  for (const { hall } of [teal, amber]) {
    const visit = await hall.openVisit("Mia");
    await visit.place.getByText("Supported contact: attendance only. A worry goes to the safeguarding lead.").waitFor();
    assert.equal(await visit.place.getByRole("textbox").count(), 0);
    assert.equal(await hall.composer.place.count(), 0);
    await hall.openToday();
  }
  const notes = teal.hall.pages.getByRole("link", { name: "Notes" });
  assert.equal(await notes.count(), 0, "a volunteer has no way to notes");

  stage.step("Amber runs the supervised visit and writes its note");
  const kofi = await amber.hall.openVisit("Kofi");
  await kofi.record("Kofi's mum is here");
  await kofi.record("Kofi is here with gran");
  await kofi.record("Hand Kofi to mum");
  await kofi.place.getByText(/^Kofi with mum since/).waitFor();
  const { composer } = amber.hall;
  await composer.type(OBSERVED);
  await composer.add();
  await composer.chooseKind("Said");
  await composer.chooseSpeaker("Kofi");
  await composer.type(SAID);
  await composer.add();
  await amber.hall.timeline.getByText(SAID).waitFor();
  await kofi.record("Kofi back with gran");
  await kofi.place.getByText(/^Together from/).waitFor();
  await amber.hall.openToday();

  stage.step("nothing has left the tablets");
  await teal.hall.hasUnsent();
  await amber.hall.hasUnsent();
}

async function seenByTwo(hall) {
  await hall.row("Mia").visiting.getByText(SEEN_BY_TWO).waitFor();
}

/** Waits until all boards read the same; answers what they read. */
async function sameDay(halls) {
  const end = performance.now() + TOGETHER_AGAIN_MS;
  for (;;) {
    const [first, ...others] = await Promise.all(halls.map((hall) => hall.day()));
    if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
    if (performance.now() > end) for (const other of others) assert.deepEqual(other, first);
  }
}

async function noteIsRuthsAndNotTeals(stage, relay, { ruth, teal }) {
  stage.step("Ruth reads the note; Teal cannot");
  await ruth.openVisit("Kofi");
  await ruth.timeline.getByText(OBSERVED).waitFor();
  await ruth.timeline.getByText(SAID).waitFor();
  await ruth.timeline.getByText("Kofi's words, written by Priya Nair").waitFor();

  const visit = await teal.hall.openVisit("Kofi");
  await visit.place.getByText("Priya Nair writes the note of this visit.").waitFor();
  await visit.place.getByText(/^Together from/).waitFor();
  await teal.hall.allSent();
  const page = await teal.device.page.content();
  for (const words of [OBSERVED, SAID]) assert.ok(!page.includes(words), "the note must not be on Teal's screen");
  await teal.device.close();
  await relay.stop();
  assert.ok(liesReadable(teal.device.folder, new URL(relay.url).host), "the files of Teal's browser were looked at");
  for (const words of [OBSERVED, SAID, "Trevane", "Quillet Steps"]) {
    assert.ok(!liesReadable(teal.device.folder, words), `${words} lies readable on Teal`);
    assert.ok(!liesReadable(relay.folder, words), `${words} lies readable at the relay`);
  }
}
