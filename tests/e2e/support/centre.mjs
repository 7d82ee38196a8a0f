// Sets a centre up quickly through the real screens, for journeys that are about something else.
// Knows the fields by their names, which are those of the forms.

/** Answers for a centre with one supervised family; a journey may pass others. */
export const ANSWERS = {
  centre: { name: "Saltmere Contact Centre", venue: "Saltmere Methodist Hall", rooms: ["Main hall", "Garden room"] },
  coordinator: "Ruth Calder",
  tablet: "Office laptop",
  referral: {
    "referrer-name": "Judith Amory",
    "referrer-organisation": "Saltmere Family Court",
    "referrer-phone": "01632 960001",
    "child-0-first": "Mia",
    "child-0-last": "Penhale",
    "child-0-born": "03/05/2019",
    "resident-first": "Dana",
    "resident-last": "Penhale",
    "resident-relationship": "mum",
    "resident-phone": "01632 960123",
    "resident-email": "dana@example.org",
    "resident-address": "7 Harbour Row\nSaltmere",
    "visiting-first": "Tom",
    "visiting-last": "Penhale",
    "visiting-relationship": "dad",
    "visiting-phone": "01632 960124",
    "visiting-email": "tom@example.org",
    "visiting-address": "12 Mill Lane\nSaltmere",
    reason: "They have not met for a year.",
    allergies: "None known",
    "other-needs": "Ramp at the side door",
  },
  risk: { controls: "Side door only", "risk-reason": "Nothing known against either adult." },
  collectors: "Pat Price, gran",
};

/** Starts a centre on this device; answers the unlock phrase. */
export async function startCentre(page, url, answers = ANSWERS) {
  await page.goto(`${url}/start`);
  await fill(page, {
    "centre-name": answers.centre.name,
    "venue-name": answers.centre.venue,
    "coordinator-name": answers.coordinator,
    "tablet-name": answers.tablet,
  });
  await press(page, "Continue");
  const phrase = await rehearse(page, "Start the centre");
  await untilInside(page);
  await walk(page, "/centre");
  for (const [place, room] of answers.centre.rooms.entries()) {
    await page.locator("#add-room").click();
    await page.locator(`#room-${place}`).fill(room);
  }
  await press(page, "Save the centre");
  await page.locator(".form-actions").getByText("Saved on this tablet").waitFor();
  return phrase;
}

/** Takes a referral, decides on the risk and accepts it; answers the addresses of both files. */
export async function acceptFamily(page, answers = ANSWERS, kind = "Supervised") {
  await walk(page, "/referrals/new");
  await choose(page, "source", "Court");
  await choose(page, "kind", kind);
  await fill(page, answers.referral);
  await press(page, "Save the referral");
  await page.locator("#risk-level").waitFor();
  const referral = new URL(page.url()).pathname;
  await choose(page, "risk-level", "Low");
  await choose(page, "suitable", kind);
  await fill(page, answers.risk);
  await press(page, "Record the decision");
  await page.locator("#collectors").fill(answers.collectors);
  await press(page, "Accept and open the family file");
  await page.waitForURL(/\/families\/[0-9a-f]+$/);
  return { referral, family: new URL(page.url()).pathname };
}

/** Plans a session on this day (`2026-03-14`); answers its address. */
export async function planSession(page, day, { opens = "09:30", closes = "12:30" } = {}) {
  await walk(page, "/sessions/new");
  await fill(page, { "session-day": day, "session-opens": opens, "session-closes": closes });
  await press(page, "Plan the session");
  await page.waitForURL(/\/sessions\/[0-9a-f]+$/);
  return new URL(page.url()).pathname;
}

/** Books the one family that can be booked; answers the visit's address. */
export async function bookVisit(page, session, { supervisor, room = "Garden room", starts = "10:00", ends } = {}) {
  await walk(page, session);
  await page.locator("#visit-family").selectOption({ index: 1 });
  await page.locator("#visit-starts").fill(starts);
  if (ends) await page.locator("#visit-ends").fill(ends);
  await page.locator("#visit-room").selectOption({ label: room });
  if (supervisor) await page.locator("#visit-supervisor").selectOption({ label: supervisor });
  await press(page, "Book the visit");
  const link = page.locator('a[href^="/visits/"]');
  await link.first().waitFor();
  return link.first().getAttribute("href");
}

/** A started centre with one supervised visit today, supervised by the co-ordinator; answers phrase and visit. */
export async function centreWithVisit(page, url, answers = ANSWERS) {
  const phrase = await startCentre(page, url, answers);
  const files = await acceptFamily(page, answers);
  const session = await planSession(page, today());
  const visit = await bookVisit(page, session, { supervisor: answers.coordinator });
  return { phrase, visit, session, ...files };
}

/** Invites a person and lets their device in; answers their unlock phrase and the link. */
export async function enrol(desk, newcomer, { name, role, tablet }) {
  await walk(desk, "/people/invite");
  await desk.locator("#person-name").fill(name);
  await choose(desk, "person-roles", role);
  await press(desk, "Make the link");
  const link = (await desk.locator(".desk-invite-link output").first().textContent()).trim();
  await newcomer.goto(link);
  await newcomer.locator("#tablet-name").fill(tablet);
  await press(newcomer, "Continue");
  const phrase = await rehearse(newcomer, "Join");
  const shown = (await newcomer.locator(".six-digits").textContent()).replace(/\D/g, "");
  await walk(desk, "/people");
  const waiting = desk.locator(".desk-waiting", { hasText: name });
  const code = (await waiting.locator(".desk-code").textContent()).replace(/\D/g, "");
  if (code !== shown) throw new Error(`expected ${shown} on both screens, found ${code}`);
  await press(waiting, "They are the same: approve");
  await untilInside(newcomer);
  return { phrase, link };
}

/** Types the phrase on the unlock screen; resolves when the app is open. */
export async function unlock(page, phrase) {
  await page.locator("#phrase").fill(phrase);
  await press(page, "Unlock");
  await untilInside(page);
}

/** Locks; resolves when the tiles are shown. */
export async function lock(page) {
  await page.locator(".me-menu summary").click();
  await press(page.locator(".me-panel"), "Lock");
  await page.locator(".tiles").waitFor();
}

/** Goes to another screen as a link does, without a new start. */
export async function walk(page, path) {
  await page.evaluate((href) => {
    const link = document.createElement("a");
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await page.waitForFunction((wanted) => location.pathname === wanted, path);
}

/** Presses the button that has exactly these words. */
export async function press(scope, words) {
  await scope.getByRole("button", { name: words, exact: true }).click();
}

/** Chooses an answer of a group by its words. */
export async function choose(page, group, words) {
  const label = page.locator(".choice-label", { hasText: new RegExp(`^${words}$`) });
  await page.locator(`#${group} .choice`, { has: label }).locator("input").check();
}

/** Fills fields by their names. */
export async function fill(page, answers) {
  for (const [name, words] of Object.entries(answers)) await page.locator(`#${name}`).fill(words);
}

/** Today on a UK calendar, `2026-03-14`. */
export function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(new Date());
}

/** The frame of the opened app is there. */
export async function untilInside(page) {
  await page.locator(".sync-chip").waitFor();
}

/** The chip says that nothing waits to be sent. */
export async function untilSent(page) {
  await page.locator('.sync-chip[data-state="sent"]', { hasText: "All sent" }).waitFor();
}

/** Writes the shown phrase down and types it back. */
async function rehearse(page, finish) {
  const words = page.locator(".phrase-words li");
  await words.nth(3).waitFor();
  const phrase = (await words.allTextContents()).join(" ");
  await press(page, "I have written them down");
  await page.locator("#phrase").fill(phrase);
  await press(page, finish);
  return phrase;
}
