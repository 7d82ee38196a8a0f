// Bad input and trouble: every refusal says what is wrong and what to do, and nothing is lost by it.
import assert from "node:assert/strict";
import { setOffline } from "../support/browser.mjs";
import { startWrongServer } from "../support/wrong_server.mjs";
import { Desk } from "../pages/desk.mjs";
import { Hall } from "../pages/hall.mjs";
import { Outside } from "../pages/outside.mjs";
import { DESK_SCREEN, enrol, startCentre } from "../pages/team.mjs";
import { CENTRE, TREVANE, ROOMS } from "../pages/today.mjs";

export const name = "doors";

const WRONG_PHRASE = /^That phrase does not open this tablet for this person\./;
const WRONG_TRIES = 6;
const LOGIN_PAGE = { status: 200, headers: { "content-type": "text/html" }, body: "<h1>Welcome to the hall</h1>" };

export async function run(stage) {
  await lookAround(stage);
  const relay = await stage.startRelay();
  const ruth = await starting(stage, relay);
  await wrongPhrases(stage, ruth);
  await invites(stage, relay, ruth);
  await referralWithGaps(stage, ruth);
  await unknownAddresses(stage, ruth);
  await relayInTrouble(stage, relay, ruth);
}

/** The problem summary has the focus and each of its links leads to its field. */
async function summaryLeads(page, words, field) {
  const main = page.getByRole("main");
  await main.getByRole("heading", { name: "There is a problem" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.querySelector("h2")?.textContent === "There is a problem");
  assert.match(await page.title(), /^Error: /);
  await main.getByRole("link", { name: words }).click();
  await page.waitForFunction((label) => document.activeElement?.labels?.[0]?.textContent === label, field);
}

async function lookAround(stage) {
  stage.step("made-up families: a store of their own, nothing sent, and the way back");
  const relay = await stage.startRelay();
  const { page, context } = await stage.launchBrowser();
  const sent = [];
  context.on("request", (request) => request.url().includes("/v1/") && sent.push(request.url()));
  await page.goto(relay.url);
  const outside = new Outside(page);
  await outside.door("Join my centre").waitFor();
  await outside.lookAround();
  const hall = new Hall(page);
  await page.getByText("Nothing here is real, and nothing leaves this device.").waitFor();
  await hall.openToday();
  await hall.row("Mia and Theo").record("Mia and Theo's dad is here");
  await hall.row("Mia and Theo").visiting.getByText(/^Here since/).waitFor();
  await page.reload();
  await outside.inside();
  await hall.openToday();
  await hall.row("Mia and Theo").visiting.getByText(/^Here since/).waitFor();
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await outside.door("Start a centre").waitFor();
  const records = Object.entries(await recordsIn(page, "neutral-ground"));
  assert.deepEqual(records.filter(([, count]) => count > 0), [], "the real store was touched");
  assert.deepEqual(sent, [], "something of the made-up families was sent");
}

/** How many rows each part of a database has. */
async function recordsIn(page, database) {
  return page.evaluate(async (name) => {
    const settled = (request) =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const known = (await indexedDB.databases()).some((entry) => entry.name === name);
    if (!known) return {};
    const handle = await settled(indexedDB.open(name));
    const counts = {};
    for (const store of handle.objectStoreNames) {
      counts[store] = await settled(handle.transaction(store).objectStore(store).count());
    }
    handle.close();
    return counts;
  }, database);
}

async function starting(stage, relay) {
  stage.step("starting a centre with gaps and with a mistyped phrase");
  const device = await stage.launchBrowser({ viewport: DESK_SCREEN });
  const { page } = device;
  await page.goto(relay.url);
  const outside = new Outside(page);
  await outside.door("Start a centre").click();
  await outside.nameCentre({ ...CENTRE, name: "", venue: " " });
  await summaryLeads(page, "Your name: fill this in", "Your name");
  assert.equal(await outside.main.getByLabel("Name of the centre", { exact: true }).inputValue(), CENTRE.centre);
  assert.equal(await outside.main.getByLabel("What shall this device be called?").inputValue(), CENTRE.device);
  await outside.nameCentre(CENTRE);
  const phrase = await outside.readPhrase();
  await outside.button("I have written them down").click();
  const words = phrase.split(" ");
  await outside.main.getByLabel("Your four words").fill([words[0], "nonsense", words[2], words[3]].join(" "));
  await outside.button("Start the centre").click();
  await outside.main.getByText(/^The second word is not the one shown\./).waitFor();
  await outside.main.getByLabel("Your four words").fill(`  ${phrase.toUpperCase().replaceAll(" ", "   ")} `);
  await outside.button("Start the centre").click();
  await outside.inside();
  return { device, phrase, desk: new Desk(page), outside };
}

async function wrongPhrases(stage, { device, phrase, desk, outside }) {
  stage.step("a wrong phrase, as often as anybody likes");
  await desk.addRooms(ROOMS);
  await desk.lock();
  await outside.button("Unlock").click();
  await outside.main.getByText("Type the four words of your phrase.").waitFor();
  for (let tries = 0; tries < WRONG_TRIES; tries += 1) {
    const wrong = `wrong words ${tries} again`;
    await outside.tryPhrase("RC", wrong);
    await outside.main.getByText(WRONG_PHRASE).waitFor();
    assert.equal(await outside.main.getByLabel("Your phrase").inputValue(), wrong, "what was typed stays");
  }
  await outside.unlock("RC", phrase);
  await desk.open("Centre");
  const rooms = desk.main.getByRole("textbox", { name: /^Room \d$/ });
  await rooms.nth(ROOMS.length - 1).waitFor();
  const kept = await rooms.evaluateAll((fields) => fields.map((field) => field.value));
  assert.deepEqual(kept.sort(), [...ROOMS].sort(), "nothing is lost");
  assert.deepEqual(device.troubles.filter((line) => line.startsWith("uncaught")), []);
}

async function invites(stage, relay, { desk }) {
  stage.step("an invite link that is mistyped, used, taken back or of another centre says which it is");
  const used = await enrol(stage, desk, { name: "Joan Tibbs", roles: ["Volunteer"], tablet: "Teal" });
  const cancelled = await desk.invite({ name: "Derek Moss", roles: ["Volunteer"] });
  await desk.open("People");
  await desk.inviteCard("Derek Moss").getByRole("button", { name: "Take the invite back" }).click();
  await desk.inviteCard("Derek Moss").waitFor({ state: "detached" });
  const good = await desk.invite({ name: "Moira Lunt", roles: ["Volunteer"] });
  const elsewhere = await stage.startRelay();
  const foreign = good.replace(relay.url, elsewhere.url);

  const { page } = await stage.launchBrowser();
  await page.goto(relay.url);
  const outside = new Outside(page);
  await outside.door("Join my centre").click();
  await outside.button("Continue").click();
  await summaryLeads(page, "Invite link: fill this in", "Invite link");
  await outside.nameTablet("Plum", good.slice(0, -3));
  await outside.rehearse("Join");
  await outside.main.getByText(/^This is not a whole invite link\./).waitFor();
  assert.equal(await outside.main.getByLabel("What shall this tablet be called?").inputValue(), "Plum");
  await triesLink(outside, used.link, /^This invite was used already: each opens one tablet\./);
  await triesLink(outside, cancelled, /^Your co-ordinator took this invite back\./);

  const other = await stage.launchBrowser();
  await other.page.goto(foreign);
  const there = new Outside(other.page);
  await there.nameTablet("Plum");
  await there.rehearse("Join");
  await there.main.getByText(/^The relay does not know this invite\./).waitFor();

  stage.step("after all that, a good link still lets the same tablet in");
  await outside.nameTablet("Plum", good);
  await outside.rehearse("Join");
  const shown = await outside.sixDigits();
  await desk.open("People");
  assert.equal(await desk.waitingDigits("Moira Lunt"), shown);
  await desk.approve("Moira Lunt");
  await outside.inside();
}

async function triesLink(outside, link, words) {
  await outside.nameTablet("Plum", link);
  await outside.rehearse("Join");
  await outside.main.getByText(words).waitFor();
  await outside.button("Use another invite").click();
  await outside.main.getByLabel("Invite link").waitFor();
}

async function referralWithGaps(stage, { device, desk }) {
  stage.step("a referral form with gaps keeps what was typed and leads to each gap");
  await desk.startReferral();
  const { referral } = TREVANE;
  await desk.fillReferral({
    ...referral,
    visiting: { ...referral.visiting, first: "", phone: "", address: "" },
    children: [{ first: "Mia", last: "Trevane", born: "31/02/2019" }],
    allergies: "",
  });
  await desk.button("Save the referral").click();
  await summaryLeads(device.page, "First name of who visits: fill this in", "First name of who visits");
  for (const problem of [/^Day of birth .*: write a day such as/, /^Allergies and medicines/, /who visits: give at least one way/]) {
    await desk.main.getByRole("link", { name: problem }).waitFor();
  }
  assert.equal(await desk.main.getByLabel("Why contact is asked for").inputValue(), referral.reason);
  assert.equal(await desk.main.getByLabel("Surname of who visits").inputValue(), "Trevane");
  assert.ok(await desk.group("Who makes this referral").getByRole("radio", { name: "Court" }).isChecked());
  await desk.fillReferral(referral);
  await desk.saveReferral();
}

async function unknownAddresses(stage, { device, phrase, desk, outside }) {
  stage.step("addresses that lead nowhere say so, from inside and from a link");
  const id = "0123456789abcdef0123456789abcdef";
  await desk.follow("/no/such/page", "There is no page here");
  await desk.follow("/visits/what", "There is no page here");
  for (const place of ["visits", "referrals", "families", "sessions"]) {
    await desk.follow("/more", "More");
    await desk.follow(`/${place}/${id}`, "Not on this tablet");
    await desk.main.getByText("There is nothing here with this address").waitFor();
  }
  await device.page.goto(new URL("/no/such/page", device.page.url()).href);
  await outside.unlock("RC", phrase);
  await desk.heading("There is no page here").waitFor();
  await desk.main.getByRole("link", { name: "Go to the first page" }).click();
  await desk.heading("Work").waitFor();
}

async function relayInTrouble(stage, relay, { device, desk }) {
  stage.step("without signal it says not sent, why, and keeps everything");
  await desk.sendNow();
  await setOffline(device, true);
  await changeVenue(desk, "Saltmere Hall without signal");
  await desk.hasUnsent();
  assert.match(await desk.sendNow(), /^Not sent: there is no signal\./);
  await setOffline(device, false);
  await desk.allSent();

  stage.step("a relay that is gone");
  await relay.stop();
  await changeVenue(desk, "Saltmere Hall without a relay");
  await desk.hasUnsent();
  assert.match(await desk.sendNow(), /^Not sent: /);

  stage.step("a Wi-Fi log-in page in the relay's place");
  const portal = await startWrongServer({ port: Number(new URL(relay.url).port) });
  portal.answerWith(() => LOGIN_PAGE);
  try {
    assert.match(await desk.sendNow(), /^Not sent: something else answered, most likely a Wi-Fi log-in page\./);
    await desk.hasUnsent();
    assert.ok(portal.pushes.length > 0, "the log-in page was asked");
  } finally {
    await portal.stop();
  }

  stage.step("another relay in its place");
  const stranger = await stage.startRelay({ listen: new URL(relay.url).host });
  const words = await desk.sendNow();
  assert.match(words, /^Not sent: another relay answers at this address/);
  await desk.hasUnsent();
  await stranger.stop();

  stage.step("the relay comes back and gets everything");
  const again = await relay.restart();
  await desk.sendNow();
  await desk.allSent();
  await desk.open("Centre");
  assert.equal(await desk.main.getByLabel("Venue", { exact: true }).inputValue(), "Saltmere Hall without a relay");
  await again.stop();
}

async function changeVenue(desk, venue) {
  await desk.open("Centre");
  await desk.main.getByLabel("Venue", { exact: true }).fill(venue);
  await desk.button("Save the centre").click();
  await desk.main.getByText("Saved on this tablet").waitFor();
}
