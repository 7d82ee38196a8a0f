// The main job by keyboard alone: a referral at the desk, then a session day. The focus is seen at every stop.
import assert from "node:assert/strict";
import { Desk } from "../pages/desk.mjs";
import { Hall } from "../pages/hall.mjs";
import { Keyboard } from "../pages/keyboard.mjs";
import { Outside } from "../pages/outside.mjs";
import { DESK_SCREEN } from "../pages/team.mjs";
import { ODUYA } from "../pages/today.mjs";

export const name = "keyboard_only";

export async function run(stage) {
  const relay = await stage.startRelay();
  const { page } = await stage.launchBrowser({ viewport: DESK_SCREEN });
  await page.goto(relay.url);
  const keys = new Keyboard(page);
  const outside = new Outside(page);

  await outside.door("Look around").waitFor();
  await skipsAhead(stage, page, keys);
  stage.step("through a door");
  await keys.activate(outside.door("Look around"));
  await outside.heading("Look around with made-up families").waitFor();
  await keys.activate(outside.button("Look around"));
  await outside.inside();

  const family = await takesAReferral(stage, keys, new Desk(page));
  await booksAVisit(stage, keys, new Desk(page), family);
  await runsTheHall(stage, keys, new Hall(page));
}

async function skipsAhead(stage, page, keys) {
  stage.step("the first stop leads past everything that comes before the page");
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  await keys.press("Tab");
  await keys.seen();
  const skip = page.getByRole("link", { name: "Skip to the page" });
  assert.ok(await skip.evaluate((link) => link === document.activeElement), "expected the skip link first");
  await keys.press("Enter");
  await page.waitForFunction(() => document.activeElement?.tagName === "MAIN");
}

/** From the empty form to the family file; answers the family's code. */
async function takesAReferral(stage, keys, desk) {
  stage.step("a referral: gaps first, then filled in, decided and accepted");
  const { referral, risk } = ODUYA;
  const { main } = desk;
  await keys.activate(desk.pages.getByRole("link", { name: "Referrals" }));
  await desk.heading("Referrals").waitFor();
  await keys.activate(main.getByRole("link", { name: "New referral" }).first());
  await desk.heading("New referral").waitFor();
  await keys.kept();
  await keys.activate(desk.button("Save the referral"));
  await main.getByRole("heading", { name: "There is a problem" }).waitFor();
  await keys.kept();
  await keys.seen();
  await keys.activate(main.getByRole("link", { name: /^Who makes this referral: / }));
  await keys.seen();

  await keys.choose(desk.group("Who makes this referral"), "Social worker");
  await keys.type(main.getByLabel("Name of the person to ask for"), referral.referrer);
  const children = main.getByRole("group", { name: "Child 1", exact: true });
  await keys.type(children.getByLabel("First name"), referral.children[0].first);
  await keys.type(children.getByLabel("Surname"), referral.children[0].last);
  for (const [whose, adult] of [["who they live with", referral.resident], ["who visits", referral.visiting]]) {
    const field = (label) => main.getByLabel(`${label} of ${whose}`, { exact: true });
    await keys.type(field("First name"), adult.first);
    await keys.type(field("Surname"), adult.last);
    await keys.type(field("Relationship"), adult.relationship);
    await keys.type(field("Phone"), adult.phone);
  }
  await keys.choose(desk.group("Kind of contact asked for"), /^Supervised/);
  await keys.type(main.getByLabel("Why contact is asked for"), referral.reason);
  await keys.activate(desk.button("I asked: none known"));
  await keys.kept();
  await keys.activate(desk.button("Save the referral"));
  await desk.heading(/^R-/).waitFor();
  await keys.kept();

  await keys.choose(desk.group("Overall risk"), /^Medium/);
  await keys.tick(desk.group("Kinds of contact that suit").getByRole("checkbox", { name: /^Supervised/ }));
  await keys.type(main.getByLabel("Reason for this decision"), risk.reason);
  await keys.activate(desk.button("Record the decision"));
  await main.getByRole("heading", { name: "Offer a place" }).waitFor();
  await keys.kept();
  await keys.activate(desk.button("Accept and open the family file"));
  await main.getByRole("heading", { name: "The two adults" }).waitFor();
  await keys.kept();
  const code = await main.getByRole("heading", { level: 1 }).innerText();
  await keys.activate(main.getByRole("button", { name: "Open and log: who visits" }));
  await main.getByText(referral.visiting.phone).waitFor();
  await keys.kept();
  await keys.activate(main.getByRole("button", { name: "Close and put away" }));
  await main.getByText(referral.visiting.phone).waitFor({ state: "detached" });
  await keys.kept();
  return code;
}

async function booksAVisit(stage, keys, desk, family) {
  stage.step("a visit is booked into today's session");
  const { main, page } = desk;
  await keys.activate(desk.pages.getByRole("link", { name: "Sessions" }));
  await desk.heading("Sessions").waitFor();
  await keys.kept();
  await keys.activate(main.getByRole("rowheader").getByRole("link").first());
  await main.getByRole("heading", { name: "Book a visit" }).waitFor();
  await keys.kept();
  const choice = main.getByLabel("Family", { exact: true });
  await keys.tabTo(choice);
  await page.keyboard.type(family);
  assert.match(await choice.locator("option:checked").innerText(), new RegExp(`^${family}`));
  await keys.typeDigits(main.getByLabel("Starts", { exact: true }), "1130AM");
  await keys.typeDigits(main.getByLabel("Ends", { exact: true }), "1230PM");
  await keys.tabTo(main.getByLabel("Room", { exact: true }));
  await page.keyboard.type("Garden");
  await keys.tabTo(main.getByLabel("Supervisor", { exact: true }));
  await page.keyboard.type("Ruth");
  await keys.activate(desk.button("Book the visit"));
  await main.getByRole("row").filter({ hasText: family }).waitFor();
  await keys.kept();
}

async function runsTheHall(stage, keys, hall) {
  stage.step("arrivals, a slip taken back, an absence, the handover");
  const { main } = hall;
  await keys.activate(hall.pages.getByRole("link", { name: "Today" }));
  await hall.row("Isla").place.waitFor();
  await keys.kept();
  const isla = hall.row("Isla");
  await keys.activate(isla.step("Isla's dad is here"));
  await isla.visiting.getByText(/^Here since/).waitFor();
  await keys.kept();
  await keys.seen();
  await keys.activate(isla.undo);
  await isla.visiting.getByText(/^Not here yet/).waitFor();
  await keys.kept();
  await keys.activate(isla.step("Isla's dad is here"));
  await isla.visiting.getByText(/^Here since/).waitFor();
  await keys.activate(isla.step("Isla is here with mum"));
  await keys.activate(isla.step("Hand Isla to dad"));
  await isla.place.getByText(/^Isla with dad since/).waitFor();
  await keys.kept();

  const wren = hall.row("Wren");
  await keys.activate(wren.visiting.getByRole("button", { name: /^Not coming: / }));
  await keys.type(wren.place.getByLabel(/^In a few words/), "rang hall, car broken");
  await keys.press("Escape");
  await keys.seen();
  await keys.activate(wren.visiting.getByRole("button", { name: /^Not coming: / }));
  await keys.activate(wren.place.getByRole("button", { name: "Cancelled late" }));
  await wren.visiting.getByText("Not coming: Cancelled late").waitFor();
  await keys.kept();

  stage.step("a note, written and added");
  await keys.activate(main.getByRole("heading", { name: "Kofi" }).first().getByRole("link"));
  await hall.heading("Kofi").waitFor();
  await keys.kept();
  const { composer } = hall;
  await keys.tabTo(composer.place.getByRole("radio", { name: "Observed", exact: true }));
  await keys.press("ArrowRight");
  assert.ok(await composer.place.getByRole("radio", { name: "Said", exact: true }).isChecked());
  await keys.seen();
  await keys.tabTo(composer.place.getByRole("radio", { name: "Kofi", exact: true }));
  await keys.press("Space");
  await keys.activate(composer.place.getByRole("button", { name: /^−1 min/ }));
  await keys.tabTo(composer.text);
  await keys.page.keyboard.type("Look, a heron");
  await composer.status.waitFor();
  await keys.press("Control+Enter");
  await hall.timeline.getByText("Look, a heron").waitFor();
  await keys.kept();
  assert.ok(await composer.text.evaluate((area) => area === document.activeElement), "the caret is ready for the next entry");

  stage.step("hide and come back");
  await keys.activate(hall.page.getByRole("button", { name: "Hide" }));
  await main.getByText(/^Welcome\. Please ring the bell/).waitFor();
  await keys.kept();
  await keys.activate(main.getByRole("button", { name: "Back", exact: true }));
  await hall.heading("Kofi").waitFor();
  await keys.kept();
}
