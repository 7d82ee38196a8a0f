// The co-ordinator's pages: rooms, referrals, sessions, people.
import { Frame } from "./frame.mjs";

/** The co-ordinator at the desk, on a screen wide enough for every entry of the bar. */
export class Desk extends Frame {
  group(name) {
    return this.main.getByRole("group", { name, exact: true });
  }

  button(name) {
    return this.main.getByRole("button", { name, exact: true });
  }

  async choose(question, answer) {
    await this.group(question).getByRole("radio", { name: new RegExp(`^${answer}`) }).check();
  }

  async tick(question, answer) {
    await this.group(question).getByRole("checkbox", { name: new RegExp(`^${answer}`) }).check();
  }

  async untick(question, answer) {
    await this.group(question).getByRole("checkbox", { name: new RegExp(`^${answer}`) }).uncheck();
  }

  /** Adds rooms to the centre. */
  async addRooms(rooms) {
    await this.open("Centre");
    for (const [place, room] of rooms.entries()) {
      await this.button("Add a room").click();
      await this.main.getByLabel(`Room ${place + 1}`, { exact: true }).fill(room);
    }
    await this.button("Save the centre").click();
    await this.main.getByText("Saved on this tablet").waitFor();
  }

  /** Opens the referral form. */
  async startReferral() {
    await this.open("Referrals");
    await this.main.getByRole("link", { name: /^(New|Take the first) referral/ }).first().click();
    await this.heading("New referral").waitFor();
  }

  /** Fills in the referral form as it stands. */
  async fillReferral({ source, referrer, kind, children, resident, visiting, reason, allergies, needs = "" }) {
    await this.choose("Who makes this referral", source);
    await this.main.getByLabel("Name of the person to ask for").fill(referrer);
    for (const [place, child] of children.entries()) {
      if (place > 0) await this.button("Add another child").click();
      const row = this.main.getByRole("group", { name: `Child ${place + 1}`, exact: true });
      await row.getByLabel("First name").fill(child.first);
      await row.getByLabel("Surname").fill(child.last);
      await row.getByLabel("Day of birth").fill(child.born ?? "");
    }
    await this.fillAdult("who they live with", resident);
    await this.fillAdult("who visits", visiting);
    await this.choose("Kind of contact asked for", kind);
    await this.main.getByLabel("Why contact is asked for").fill(reason);
    await this.main.getByLabel("Allergies and medicines of the children").fill(allergies);
    await this.main.getByLabel("Other needs (if any)").fill(needs);
  }

  async fillAdult(whose, { first, last, relationship, phone, address = "" }) {
    const field = (label) => this.main.getByLabel(`${label} of ${whose}`, { exact: true });
    await field("First name").fill(first);
    await field("Surname").fill(last);
    await field("Relationship").fill(relationship);
    await field("Phone").fill(phone);
    await field("Address").fill(address);
  }

  /** Saves the referral; its file is open then. */
  async saveReferral() {
    await this.button("Save the referral").click();
    await this.heading(/^R-/).waitFor();
  }

  async decideRisk({ level, suitable, controls, reason }) {
    await this.choose("Overall risk", level);
    await this.tick("Kinds of contact that suit", suitable);
    await this.main.getByLabel("Controls (if any)").fill(controls);
    await this.main.getByLabel("Reason for this decision").fill(reason);
    await this.button("Record the decision").click();
    await this.main.getByRole("heading", { name: "Offer a place" }).waitFor();
  }

  /** Accepts with an arrangement; answers the family's code, whose file is open then. */
  async accept({ kind, minutes, apart = true }) {
    await this.choose("Kind of contact", kind);
    await this.main.getByLabel("Length of a visit in minutes").fill(String(minutes));
    const keepApart = this.group("Keep the two adults apart").getByRole("checkbox", { name: /^They must not meet/ });
    await keepApart.setChecked(apart);
    await this.button("Accept and open the family file").click();
    await this.main.getByRole("heading", { name: "The two adults" }).waitFor();
    return this.main.getByRole("heading", { level: 1 }).innerText();
  }

  /** From the form to the family file; answers the family's code. */
  async takeOn({ referral, risk, arrangement }) {
    await this.startReferral();
    await this.fillReferral(referral);
    await this.saveReferral();
    await this.decideRisk(risk);
    return this.accept(arrangement);
  }

  /** Plans a session with these people on duty; its page is open then. */
  async planSession({ day, opens, closes, leader, workers = [] }) {
    await this.open("Sessions");
    await this.main.getByRole("link", { name: /^Plan (a|the first) session/ }).first().click();
    await this.main.getByLabel("Day", { exact: true }).fill(day);
    await this.main.getByLabel("Opens", { exact: true }).fill(opens);
    await this.main.getByLabel("Closes", { exact: true }).fill(closes);
    if (leader !== undefined) await this.main.getByLabel("Who leads (if known)").selectOption({ label: leader });
    for (const worker of workers) await this.tick("Who works (if known)", worker);
    await this.button("Plan the session").click();
    await this.main.getByRole("heading", { name: "Book a visit" }).waitFor();
  }

  /** Books a visit of the family with this code, on the session's page. */
  async bookVisit({ family, starts, ends, room, supervisor }) {
    const choice = this.main.getByLabel("Family", { exact: true });
    await choice.selectOption(await choice.getByRole("option", { name: new RegExp(`^${family}:`) }).getAttribute("value"));
    await this.main.getByLabel("Starts", { exact: true }).fill(starts);
    await this.main.getByLabel("Ends", { exact: true }).fill(ends);
    await this.main.getByLabel("Room", { exact: true }).selectOption({ label: room });
    if (supervisor !== undefined) await this.main.getByLabel("Supervisor", { exact: true }).selectOption({ label: supervisor });
    await this.button("Book the visit").click();
    await this.main.getByRole("row").filter({ hasText: family }).waitFor();
    await this.page.waitForFunction(() => document.getElementById("visit-starts").value === "");
  }

  /** Makes an invite; answers the link. */
  async invite({ name, roles }) {
    await this.open("People");
    await this.main.getByRole("link", { name: "Invite a person" }).click();
    await this.main.getByLabel("Name", { exact: true }).fill(name);
    for (const role of roles) await this.tick("What they do", role);
    await this.button("Make the link").click();
    const link = this.main.getByRole("status").filter({ hasText: /^https?:\S+#\S+$/ });
    await link.waitFor();
    return (await link.innerText()).trim();
  }

  /** Makes an invite for another tablet of somebody who is here; answers the link. */
  async linkForAnother(person) {
    await this.open("People");
    await this.button(`Make a link for another tablet of ${person}`).click();
    const link = this.main.getByRole("status").filter({ hasText: /^https?:\S+#\S+$/ });
    await link.waitFor();
    return (await link.innerText()).trim();
  }

  /** A person's own page. */
  async openPerson(name) {
    await this.open("People");
    await this.main.getByRole("rowheader").getByRole("link", { name, exact: true }).click();
    await this.heading(name).waitFor();
  }

  /** On a person's page: saves name and roles as they stand; the roles are said below the name then. */
  async saveRoles(roles) {
    await this.button("Save name and roles").click();
    await this.main.getByText("Saved", { exact: true }).waitFor();
    await this.main.getByRole("paragraph").filter({ hasText: new RegExp(`^${roles}$`) }).waitFor();
  }

  /** On the page People: ends a person's keys on one tablet, which their page says then. */
  async shutOut(person, tablet) {
    await this.main.getByRole("rowheader").getByRole("link", { name: person, exact: true }).click();
    await this.button(`Shut out ${tablet}`).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Shut it out now" }).click();
    const card = this.main.getByRole("article").filter({ hasText: tablet });
    await card.getByText("Shut out", { exact: true }).waitFor();
    await this.button(`Shut out ${tablet}`).waitFor({ state: "detached" });
  }

  /** The card of an invite on the page People. */
  inviteCard(name) {
    return this.main.getByRole("article").filter({ has: this.page.getByRole("heading", { name, exact: true }) });
  }

  /** The six digits that stand beside a waiting person's name. */
  async waitingDigits(name) {
    const digits = this.inviteCard(name).getByText(/\d{3} \d{3}/);
    await digits.waitFor();
    return (await digits.innerText()).replaceAll(/\D/g, "");
  }

  async approve(name) {
    await this.inviteCard(name).getByRole("button", { name: /approve$/ }).click();
    await this.inviteCard(name).waitFor({ state: "detached" });
  }
}
