// What a person meets before the app is unlocked: the doors, the phrase, joining, unlocking.

/** The pages in front of the unlocked app, found by what they say. */
export class Outside {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole("main");
  }

  heading(name) {
    return this.main.getByRole("heading", { level: 1, name });
  }

  door(name) {
    return this.main.getByRole("link", { name: new RegExp(`^${name}`) });
  }

  button(name) {
    return this.main.getByRole("button", { name, exact: true });
  }

  /** The summary of what is wrong with a form. */
  get problem() {
    return this.main.getByRole("heading", { name: "There is a problem" });
  }

  /** Fills in the first step of starting a centre and goes on. */
  async nameCentre({ centre, venue, name, device }) {
    await this.main.getByLabel("Name of the centre", { exact: true }).fill(centre);
    await this.main.getByLabel("Name of the venue").fill(venue);
    await this.main.getByLabel("Your name").fill(name);
    await this.main.getByLabel("What shall this device be called?").fill(device);
    await this.button("Continue").click();
  }

  /** Through the second door, from the doors to the unlocked app; answers the phrase. */
  async startCentre(names) {
    await this.door("Start a centre").click();
    await this.nameCentre(names);
    const phrase = await this.rehearse("Start the centre");
    await this.inside();
    return phrase;
  }

  /** Pastes a link, or keeps the one that the address brought, and names the tablet. */
  async nameTablet(tablet, link) {
    if (link !== undefined) await this.main.getByLabel("Invite link").fill(link);
    await this.main.getByLabel("What shall this tablet be called?").fill(tablet);
    await this.button("Continue").click();
  }

  /** Types two sheets, and who comes in with them if that is not there yet; goes on. */
  async giveSheets({ one, other, name, device }) {
    await this.main.getByLabel("Words of one sheet").fill(one);
    await this.main.getByLabel("Words of another sheet").fill(other);
    if (name !== undefined) await this.main.getByLabel("Your name").fill(name);
    if (device !== undefined) await this.main.getByLabel("What shall this device be called?").fill(device);
    await this.button("Continue").click();
  }

  /** Reads the four words. */
  async readPhrase() {
    await this.main.getByRole("heading", { name: "Your unlock phrase" }).waitFor();
    const words = this.main.getByRole("listitem");
    await words.first().waitFor();
    return (await words.allInnerTexts()).map((word) => word.trim()).join(" ");
  }

  /** Reads the phrase, types it back and presses the last button; answers the phrase. */
  async rehearse(finish) {
    const phrase = await this.readPhrase();
    await this.button("I have written them down").click();
    await this.main.getByLabel("Your four words").fill(phrase);
    await this.button(finish).click();
    return phrase;
  }

  /** The six digits as one text, once the centre has answered. */
  async sixDigits() {
    const digits = this.main.getByRole("img", { name: /^\d \d \d \d \d \d$/ });
    await digits.waitFor();
    return (await digits.getAttribute("aria-label")).replaceAll(" ", "");
  }

  /** Types a phrase for the person with these initials; does not wait for what comes of it. */
  async tryPhrase(initials, phrase) {
    const tile = this.main.getByRole("button", { name: initials, exact: true });
    if ((await tile.getAttribute("aria-pressed")) !== "true") await tile.click();
    await this.main.getByLabel("Your phrase").fill(phrase);
    await this.button("Unlock").click();
  }

  /** Unlocks and waits until the app is open. */
  async unlock(initials, phrase) {
    await this.tryPhrase(initials, phrase);
    await this.inside();
  }

  /** Goes to the made-up families. */
  async lookAround() {
    await this.door("Look around").click();
    await this.button("Look around").click();
    await this.inside();
  }

  /** Waits until the app is open. */
  async inside() {
    await this.page.getByRole("navigation", { name: "Pages" }).waitFor();
  }
}
