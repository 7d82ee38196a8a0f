// Every screen of the app, one after the other, for those who look at all of them.
import { setOffline, untilKept } from "../support/browser.mjs";
import { lock, startCentre, unlock } from "../support/centre.mjs";
import { fitLock } from "../support/device_lock.mjs";
import { metAMonthAgo } from "../support/store.mjs";
import { Desk } from "./desk.mjs";
import { Hall } from "./hall.mjs";
import { Outside } from "./outside.mjs";
import { Shared } from "./pin.mjs";
import { Sheets } from "./sheets.mjs";
import { CENTRE, TREVANE } from "./today.mjs";
import { Unlocking } from "./unlocking.mjs";

const LINK = "#not-a-whole-link";
const NOWHERE = "0123456789abcdef0123456789abcdef";

/** The screens in front of the unlocked app. `look(name)` is called on each. */
export async function outsideScreens(device, url, look) {
  const { page } = device;
  const outside = new Outside(page);
  await page.goto(url);
  await outside.door("Start a centre").waitFor();
  await look("doors");
  await remember(page, `${NOWHERE} RC`);
  await outside.heading("This device has lost what it kept").waitFor();
  await look("store-lost");
  await outside.button("Go to the first page").click();
  await outside.door("Look around").click();
  await outside.heading(/^Look around/).waitFor();
  await look("look-around");
  await page.goto(`${url}/join${LINK}`);
  await outside.heading("Join my centre").waitFor();
  await look("join-by-link");
  await outside.main.getByLabel("Invite link").fill("");
  await outside.button("Continue").click();
  await outside.problem.waitFor();
  await look("join-with-gaps");
  await page.goto(`${url}/rebuild`);
  await outside.giveSheets({ one: "river candle", other: "", name: "Ann Marlowe", device: "New laptop" });
  await outside.problem.waitFor();
  await look("rebuild-mistyped");
  await page.goto(`${url}/start`);
  await outside.button("Continue").click();
  await outside.problem.waitFor();
  await look("start-with-gaps");
  await outside.nameCentre(CENTRE);
  const phrase = await outside.readPhrase();
  await look("phrase-shown");
  await outside.button("I have written them down").click();
  await outside.button("Start the centre").click();
  await outside.main.getByText("Type the four words from your paper.").waitFor();
  await look("phrase-rehearsed");
  await outside.main.getByLabel("Your four words").fill(phrase);
  await outside.button("Start the centre").click();
  await outside.inside();
  return phrase;
}

/** Starts again as a tablet whose page remembers these people and whose store holds no key of theirs. */
async function remember(page, people) {
  await page.evaluate((lines) => localStorage.setItem("ng.lock-card.neutral-ground", lines), people);
  await page.reload();
}

/** The desk of a centre that has only just begun. */
export async function newCentreScreens(device, phrase, look) {
  const desk = new Desk(device.page);
  await desk.heading("Work").waitFor();
  await look("work-first-steps");
  for (const entry of ["Today", "Families", "Sessions", "Referrals"]) {
    await desk.open(entry);
    await desk.main.getByRole("heading", { level: 1 }).waitFor();
    await look(`${entry.toLowerCase()}-empty`);
  }
  const link = await desk.invite({ name: "Joan Tibbs", roles: ["Volunteer"] });
  await look("invite-made");
  await desk.open("People");
  await desk.inviteCard("Joan Tibbs").waitFor();
  await look("people-with-link");
  await sheetScreens(desk, look);
  await pinScreens(desk, look);
  await new Outside(device.page).tryPhrase("RC", "four wrong words here");
  await new Outside(device.page).problem.waitFor();
  await look("unlock-refused");
  await outOfTouchScreen(device, phrase, look);
  await new Outside(device.page).inside();
  return link;
}

/** A tablet that has not met its relay for a month; with a network it opens by itself. */
async function outOfTouchScreen(device, phrase, look) {
  const outside = new Outside(device.page);
  await metAMonthAgo(device.page);
  await untilKept(device.page);
  await setOffline(device, true);
  await device.page.reload();
  await outside.tryPhrase("RC", phrase);
  await outside.heading("Connect this tablet to a network").waitFor();
  await outside.button("Try now").click();
  await outside.main.getByText(/^Not yet: /).waitFor();
  await look("out-of-touch");
  await setOffline(device, false);
}

/** The trustees' sheets: before there are any, on the screen to be printed, mistyped. */
async function sheetScreens({ page }, look) {
  const sheets = new Sheets(page);
  await sheets.follow("/people/sheets", /sheets$/);
  await look("sheets-none");
  const [one, other] = await sheets.make();
  await look("sheets-to-print");
  await sheets.putAway();
  await sheets.type(`${one} river`, other);
  await sheets.main.getByRole("heading", { name: "There is a problem" }).waitFor();
  await look("sheets-mistyped");
  await sheets.tryTwo(one, other);
  await look("sheets-tried");
}

/** The PIN: chosen, mistyped, and at the lock; leads on to the phrase. */
async function pinScreens(desk, look) {
  const shared = new Shared(desk.page);
  await shared.follow("/pin", "Your PIN");
  await look("pin");
  await shared.typePin("123456");
  await shared.main.getByRole("heading", { name: "There is a problem" }).waitFor();
  await look("pin-refused");
  await shared.choosePin("402918");
  await desk.open("More");
  await desk.button("Lock").click();
  await shared.locked();
  await look("unlock-by-pin");
  await shared.tapPin("402919");
  await shared.main.getByText(/4 tries are left/).waitFor();
  await look("unlock-wrong-pin");
  await desk.button("Use my four words instead").click();
}

/** A tablet that asks to join, seen from both sides. */
export async function joiningScreens(newcomer, device, link, look) {
  const outside = new Outside(newcomer.page);
  await newcomer.page.goto(link);
  await outside.nameTablet("Teal");
  await outside.rehearse("Join");
  await outside.sixDigits();
  await look("waiting", newcomer.page);
  const desk = new Desk(device.page);
  await desk.open("People");
  await desk.waitingDigits("Joan Tibbs");
  await look("people-waiting");
  await desk.inviteCard("Joan Tibbs").getByRole("button", { name: /refuse$/ }).click();
  await outside.main.getByText(/^Your co-ordinator turned this tablet away\./).waitFor();
  await look("turned-away", newcomer.page);
}

/** A tablet that was let in and is lost, seen from both sides; and its person, whose roles change and who leaves. */
export async function lostScreens({ device: lost }, device, look) {
  const desk = new Desk(device.page);
  await desk.open("People");
  await desk.main.getByRole("rowheader").getByRole("link", { name: "Ruth Calder" }).click();
  await desk.main.getByText("In your hands").waitFor();
  await look("person");
  await desk.open("People");
  await desk.main.getByRole("rowheader").getByRole("link", { name: "Joan Tibbs" }).click();
  await desk.tick("What they do", "Co-ordinator");
  await desk.main.getByText("They will read every referral and every family file.").waitFor();
  await look("person-roles");
  await desk.button("Shut out Teal").click();
  const dialog = desk.page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Shut Teal out?" }).waitFor();
  await look("shutting-out");
  await dialog.getByRole("button", { name: "Shut it out now" }).click();
  await desk.main.getByText("Shut out", { exact: true }).waitFor();
  await look("person-shut-out");
  // The relay ends its live connection, and it asks why.
  await new Outside(lost.page).heading("Keys on this tablet were ended").waitFor();
  await look("keys-ended", lost.page);
  await desk.button("Joan Tibbs has left").click();
  await dialog.getByRole("heading", { name: "Has Joan Tibbs left?" }).waitFor();
  await look("leaving");
  await dialog.getByRole("button", { name: "They have left: shut them out" }).click();
  await desk.main.getByText("Has left", { exact: true }).waitFor();
  await look("person-left");
}

/** The hall and the common pages among the made-up families, which are open. */
export async function hallScreens(device, look) {
  const hall = new Hall(device.page);
  await hall.openToday();
  await look("today");
  await hall.row("Mia and Theo").record("Mia and Theo's dad is here");
  await hall.row("Mia and Theo").visiting.getByText(/^Here since/).waitFor();
  await hall.row("Isla").visiting.getByRole("button", { name: /^Not coming: / }).click();
  await hall.row("Isla").place.getByRole("button", { name: "Cancelled late" }).waitFor();
  await look("today-under-way");
  await hall.openVisit("Mia and Theo");
  await look("visit-supported");
  const kofi = await hall.openVisit("Kofi");
  await kofi.record("Kofi's mum is here");
  await kofi.record("Kofi is here with gran");
  await kofi.record("Hand Kofi to mum");
  await kofi.place.getByText(/^Kofi with mum since/).waitFor();
  const { composer } = hall;
  await composer.type("Kofi ran to his mum and showed her a drawing of a heron.");
  await composer.add();
  await composer.chooseKind("Said");
  await composer.chooseSpeaker("Kofi");
  await composer.type("I want to come again on Saturday");
  await composer.add();
  await composer.chooseKind("Action");
  await composer.type("Opened the garden door so that");
  await look("visit-composer");
  await hall.page.getByRole("button", { name: "Hide" }).click();
  await hall.main.getByText(/^Welcome\. Please ring/).waitFor();
  await look("hide");
  await hall.main.getByRole("button", { name: "Back", exact: true }).click();
  for (const [path, heading, name] of [
    ["/new-note", /./, "new-note"],
    ["/sync", "What is saved and sent", "sync"],
    ["/more", "More", "more"],
    ["/help", "Help", "help"],
    ["/diagnostics", "Details for help", "diagnostics"],
    ["/no/such/page", "There is no page here", "no-page"],
    [`/visits/${NOWHERE}`, "Not on this tablet", "not-here"],
    ["/join", "You are already in", "already-in"],
  ]) {
    await hall.follow(path, heading);
    await look(name);
  }
}

/** The desk among the made-up families. */
export async function deskScreens(device, look) {
  const desk = new Desk(device.page);
  const { main } = desk;
  await desk.follow("/work", "Work");
  await main.getByRole("heading", { name: "Coming up" }).waitFor();
  await look("work");
  await desk.follow("/referrals", "Referrals");
  await main.getByRole("row").first().waitFor();
  await look("referrals");
  await main.getByRole("rowheader").getByRole("link").first().click();
  await desk.heading(/^R-/).waitFor();
  await look("referral");
  await desk.follow("/referrals/new", "New referral");
  await look("new-referral");
  await desk.button("Save the referral").click();
  await main.getByRole("heading", { name: "There is a problem" }).waitFor();
  await look("new-referral-with-gaps");
  await desk.button("Add another child").click();
  await main.getByRole("group", { name: "Child 2", exact: true }).waitFor();
  await desk.button("Take child 2 out").click();
  await desk.fillReferral(TREVANE.referral);
  await desk.saveReferral();
  await main.getByText("Decline this referral").click();
  await look("referral-to-decide");
  await desk.decideRisk(TREVANE.risk);
  await look("referral-to-offer");
  await desk.accept(TREVANE.arrangement);
  await main.getByRole("button", { name: "Open and log: who visits" }).click();
  await main.getByText(TREVANE.referral.visiting.phone).waitFor();
  await look("family");
  await desk.button("Change the arrangement").click();
  await look("family-changing");
  await desk.follow("/families", "Families");
  await main.getByRole("row").first().waitFor();
  await look("families");
  await desk.follow("/sessions", "Sessions");
  await main.getByRole("row").first().waitFor();
  await look("sessions");
  await main.getByRole("rowheader").getByRole("link").first().click();
  await main.getByRole("heading", { name: "Book a visit" }).waitFor();
  await desk.button("Book the visit").click();
  await main.getByRole("heading", { name: "There is a problem" }).waitFor();
  await look("session");
  await desk.follow("/sessions/new", "Plan a session");
  await look("new-session");
  await desk.follow("/people", "People");
  await look("people");
  await desk.follow("/people/invite", "Invite a person");
  await look("invite");
  await desk.follow("/centre", "Centre");
  await look("centre");
}

/** A device of one's own that has a lock: offered, added, asked at the start, refused, and beside the PIN. */
export async function lockScreens({ page }, url, look) {
  const ways = new Unlocking(page);
  const reader = await fitLock(page);
  const phrase = await startCentre(page, url);
  await new Shared(page).choosePin("402918");
  await ways.offer.waitFor();
  await look("lock-offered", page);
  await ways.open();
  await ways.addButton.waitFor();
  await look("unlocking", page);
  await ways.add();
  await look("unlocking-added", page);
  await page.reload();
  await ways.lockButton.waitFor();
  await look("unlock-by-lock", page);
  await reader.knows(false);
  await ways.lockButton.click();
  await ways.refused(/^This device's lock did not open it/);
  await look("unlock-by-lock-refused", page);
  await ways.wordsInstead.click();
  await unlock(page, phrase);
  await lock(page);
  await new Shared(page).pad.waitFor();
  await look("unlock-by-pin-or-lock", page);
}
