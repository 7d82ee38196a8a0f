// A phrase is forgotten on a shared tablet, with something unsent: a colleague sends it, and its author comes back by a new link.
import assert from "node:assert/strict";
import { setOffline, untilKept } from "../support/browser.mjs";
import { acceptFamily, bookVisit, enrol, planSession, startCentre, unlock, untilSent, walk } from "../support/centre.mjs";
import { Desk } from "../pages/desk.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { sessionTimes } from "../pages/today.mjs";

export const name = "forgotten_phrase";

const JOAN = { name: "Joan Tibbs", initials: "JT", role: "Volunteer", tablet: "Amber" };
const PRIYA = { name: "Priya Nair", initials: "PN", role: "Volunteer", tablet: "Amber" };

export async function run(stage) {
  const relay = await stage.startRelay();
  const { desk, amber, phrases, visit } = await joined(stage, relay);
  const { page } = amber;
  const outside = new Outside(page);
  const hall = new Hall(page);

  stage.step("Joan writes without signal and locks the tablet");
  await setOffline(amber, true);
  await openAs(page, JOAN, phrases);
  await walk(page, visit);
  await hall.visit().record("Mia's dad is here");
  await hall.visit().visiting.getByText(/^Here since/).waitFor();
  await hall.lock();

  stage.step("she does not find the words any more, and the screen says what to do");
  await outside.tryPhrase(JOAN.initials, "four wrong words here");
  await outside.problem.waitFor();
  await outside.main.getByText("I am not here, or I have lost my phrase").click();
  await outside.main.getByText(/nothing that was saved is lost/).waitFor();

  stage.step("Ruth ends the old keys and makes a new link");
  await desk.open("People");
  await desk.shutOut(JOAN.name, JOAN.tablet);
  const link = await desk.linkForAnother(JOAN.name);

  stage.step("Priya unlocks: what Joan wrote goes, and Joan's old tile is gone");
  await setOffline(amber, false);
  await openAs(page, PRIYA, phrases);
  await untilSent(page);
  const atDesk = new Hall(desk.page);
  await atDesk.openToday();
  await atDesk.row("Mia").visiting.getByText(/^Here since/).waitFor();
  await hall.open("More");
  await hall.main.getByRole("button", { name: "Lock", exact: true }).click();
  await outside.heading("Keys on this tablet were ended").waitFor();
  await outside.main.getByText(JOAN.initials, { exact: true }).waitFor();
  await outside.button("I have read this").click();
  await outside.heading("Who is here?").waitFor();
  assert.equal(await outside.button(PRIYA.initials).count(), 1);
  assert.equal(await outside.button(JOAN.initials).count(), 0);

  stage.step("Joan joins again on the same tablet and finds what she wrote");
  await page.goto(link);
  await outside.nameTablet(JOAN.tablet);
  await outside.rehearse("Join");
  await desk.open("People");
  assert.equal(await outside.sixDigits(), await desk.waitingDigits(JOAN.name));
  await desk.approve(JOAN.name);
  await outside.inside();
  await hall.openToday();
  await hall.row("Mia").visiting.getByText(/^Here since/).waitFor();
  await hall.lock();
  assert.equal(await outside.button(JOAN.initials).count(), 1);
  assert.deepEqual(amber.troubles.filter((line) => /^uncaught|Content Security Policy/.test(line)), []);
}

/** A centre with a visit today, and Amber with the keys of two volunteers, both of whom know of it. */
async function joined(stage, relay) {
  stage.step("two volunteers share a tablet");
  const office = await stage.launchBrowser({ viewport: { width: 1280, height: 900 } });
  await startCentre(office.page, relay.url);
  await acceptFamily(office.page);
  const { day, opens, closes, starts, ends } = await sessionTimes();
  const session = await planSession(office.page, day, { opens, closes });
  const visit = await bookVisit(office.page, session, { supervisor: "Ruth Calder", starts, ends });
  const amber = await stage.launchBrowser();
  const phrases = new Map();
  for (const person of [JOAN, PRIYA]) {
    const { phrase } = await enrol(office.page, amber.page, person);
    phrases.set(person, phrase);
  }
  await untilSent(office.page);
  await untilKept(amber.page);
  for (const person of [JOAN, PRIYA]) {
    await amber.page.goto(relay.url);
    await openAs(amber.page, person, phrases);
    await walk(amber.page, visit);
    await new Hall(amber.page).heading("Mia").waitFor();
    await untilSent(amber.page);
    await new Hall(amber.page).lock();
  }
  return { desk: new Desk(office.page), amber, phrases, visit };
}

async function openAs(page, person, phrases) {
  await page.getByRole("button", { name: person.initials, exact: true }).click();
  await unlock(page, phrases.get(person));
}
