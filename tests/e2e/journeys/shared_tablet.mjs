// Four people, one tablet, no signal: each behind their own keys, all over one log.
import assert from "node:assert/strict";
import { setOffline, untilKept } from "../support/browser.mjs";
import { acceptFamily, bookVisit, enrol, planSession, startCentre, unlock, untilSent, walk } from "../support/centre.mjs";
import { Hall } from "../pages/hall.mjs";
import { Shared } from "../pages/pin.mjs";
import { sessionTimes } from "../pages/today.mjs";

export const name = "shared_tablet";

const PEOPLE = [
  { name: "Joan Tibbs", initials: "JT", role: "Volunteer", pin: "402918" },
  { name: "Priya Nair", initials: "PN", role: "Supervisor", pin: "775031" },
  { name: "Omar Lund", initials: "OL", role: "Session leader", pin: "190356" },
  { name: "Tess Ayre", initials: "TA", role: "Volunteer", pin: "884260" },
];
const [JOAN, PRIYA, OMAR, TESS] = PEOPLE;
const WORDS = "Mia ran to the do";
const MINUTE = 60_000;

export async function run(stage) {
  const relay = await stage.startRelay();
  const { tablet, visit } = await joined(stage, relay);
  const { page } = tablet;
  const shared = new Shared(page);

  stage.step("without signal the four hand the tablet over: two taps and a PIN");
  await setOffline(tablet, true);
  assert.equal(await shared.handOver(JOAN.initials, JOAN.pin), 8);
  const hall = new Hall(page);
  await hall.openToday();
  await hall.row("Mia").record("Mia's dad is here");
  await hall.row("Mia").undo.waitFor();
  await shared.handOver(PRIYA.initials, PRIYA.pin);
  assert.equal(shared.path(), "/", "whoever takes over begins on their own first page");
  await hall.openToday();
  await hall.row("Mia").visiting.getByText(/^Here since/).waitFor();

  stage.step("locked in mid-word: the same text, the same caret");
  await walk(page, visit);
  const left = await writeAndStepBack(page);
  await page.locator(".me-initials").click();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await shared.locked();
  assert.equal(await page.getByText(WORDS).count(), 0, "nothing of it can be seen");
  await page.keyboard.type(PRIYA.pin);
  await shared.isHere(PRIYA.initials);
  await page.locator("#composer-text").focus();
  assert.deepEqual(await shared.caret(), left);

  await goesDarkByItself(stage, shared, left);
  await hides(stage, shared, left);

  stage.step("a colleague comes between and reads none of it");
  await shared.handOver(TESS.initials, TESS.pin);
  await walk(page, visit);
  await hall.heading("Mia").waitFor();
  assert.equal(await page.getByText(WORDS).count(), 0);
  await shared.handOver(PRIYA.initials, PRIYA.pin);
  await walk(page, visit);
  await page.waitForFunction((words) => document.querySelector("#composer-text")?.value === words, WORDS);

  await wrongPins(stage, shared);

  stage.step("with signal everything goes, whoever wrote it");
  await setOffline(tablet, false);
  await untilSent(page);
  assert.deepEqual(tablet.troubles.filter((line) => /^uncaught|Content Security Policy/.test(line)), []);
}

/** A centre, a visit today, and a tablet on which all four have been in since it was switched on. */
async function joined(stage, relay) {
  stage.step("four people join on one tablet and choose a PIN");
  const desk = await stage.launchBrowser();
  await startCentre(desk.page, relay.url);
  await acceptFamily(desk.page);
  const { day, opens, closes, starts, ends } = await sessionTimes();
  const session = await planSession(desk.page, day, { opens, closes });
  const tablet = await stage.launchBrowser();
  const phrases = new Map();
  for (const person of PEOPLE) {
    const { phrase } = await enrol(desk.page, tablet.page, { ...person, tablet: "Amber" });
    await new Shared(tablet.page).choosePin(person.pin);
    phrases.set(person, phrase);
  }
  const visit = await bookVisit(desk.page, session, { supervisor: PRIYA.name, starts, ends });
  await untilSent(desk.page);
  await untilKept(tablet.page);
  // The page's own clock is ours from here on, so that nobody has to wait for a tablet to fall asleep.
  await tablet.page.clock.install({ time: new Date() });
  await tablet.page.goto(relay.url);
  const shared = new Shared(tablet.page);
  for (const person of PEOPLE) {
    await tablet.page.getByRole("button", { name: person.initials, exact: true }).click();
    await unlock(tablet.page, phrases.get(person));
    await untilSent(tablet.page);
    if (person !== TESS) {
      await tablet.page.locator(".me-initials").click();
      await tablet.page.getByRole("button", { name: "Lock", exact: true }).click();
      await shared.locked();
    }
  }
  await walk(tablet.page, visit);
  await new Hall(tablet.page).heading("Mia").waitFor();
  return { tablet, visit };
}

async function writeAndStepBack(page) {
  const area = page.locator("#composer-text");
  await area.pressSequentially(WORDS);
  for (let step = 0; step < 3; step += 1) await area.press("ArrowLeft");
  await page.locator('#composer-status[data-state="saved"]').waitFor();
  return { id: "composer-text", value: WORDS, at: WORDS.length - 3 };
}

async function goesDarkByItself(stage, shared, left) {
  stage.step("nobody touches it: it says so, stays for a touch, and locks on its own");
  const { page } = shared;
  await page.clock.fastForward(14.7 * MINUTE);
  await shared.warning.waitFor();
  await shared.warning.getByRole("button", { name: "I am here" }).click();
  await shared.warning.waitFor({ state: "detached" });
  await page.locator("#composer-text").focus();
  await page.clock.fastForward(15.1 * MINUTE);
  await shared.locked();
  await shared.tapPin(PRIYA.pin);
  await shared.isHere(PRIYA.initials);
  await page.waitForFunction(() => document.activeElement?.id === "composer-text");
  assert.deepEqual(await shared.caret(), left, "the caret stands where it was");
}

async function hides(stage, shared, left) {
  stage.step("hidden in one tap: back at once without a PIN, after ten seconds with it");
  const { page } = shared;
  const hide = page.getByRole("button", { name: "Hide", exact: true });
  const back = page.getByRole("button", { name: "Back", exact: true });
  await hide.click();
  assert.equal(await page.title(), "Notice board");
  await back.click();
  await shared.isHere(PRIYA.initials);
  await hide.click();
  await page.clock.fastForward(11_000);
  await back.click();
  await shared.locked();
  await shared.tapPin(PRIYA.pin);
  await shared.isHere(PRIYA.initials);
  assert.equal(await page.locator("#composer-text").inputValue(), left.value);
}

async function wrongPins(stage, shared) {
  stage.step("five wrong PINs ask for the phrase, and nothing is lost");
  const { page } = shared;
  await page.locator(".me-initials").click();
  await page.getByRole("button", { name: `Hand over to ${OMAR.initials}`, exact: true }).click();
  for (const left of [4, 3, 2, 1]) {
    await shared.tapPin(JOAN.pin);
    await page.getByRole("main").getByText(new RegExp(`${left} tr(y is|ies are) left`)).waitFor();
  }
  await shared.tapPin(JOAN.pin);
  await page.locator("#phrase").waitFor();
  assert.equal(await shared.pad.count(), 0, "the PIN is not asked for again");
  await page.getByRole("button", { name: PRIYA.initials, exact: true }).click();
  await shared.tapPin(PRIYA.pin);
  await shared.isHere(PRIYA.initials);
}
