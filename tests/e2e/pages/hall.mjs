// The session day: the rows of Today, a visit's own screen, the composer.
import { Frame } from "./frame.mjs";

/** A tablet in the hall. */
export class Hall extends Frame {
  async openToday() {
    await this.open("Today");
    await this.main.getByRole("listitem").first().waitFor();
  }

  /** The row of a family on Today, by the children's names as the row says them. */
  row(children) {
    const name = this.page.getByRole("link", { name: children, exact: true });
    return new VisitBoard(this.main.getByRole("listitem").filter({ has: name }));
  }

  /** All rows of the day in words that are the same on every tablet that knows the same. */
  async day() {
    const rows = this.main.getByRole("listitem").filter({ has: this.page.getByRole("heading", { level: 2 }) });
    const found = [];
    for (const row of await rows.all()) found.push(await new VisitBoard(row).facts());
    return found;
  }

  /** Opens a visit's own screen from its row. */
  async openVisit(children) {
    await this.openToday();
    await this.page.getByRole("link", { name: children, exact: true }).click();
    await this.heading(children).waitFor();
    return this.visit();
  }

  /** The visit whose own screen is open. */
  visit() {
    return new VisitBoard(this.main);
  }

  /** The composer of the visit that is open. */
  get composer() {
    return new Composer(this.main.getByRole("region", { name: "New entry" }));
  }

  /** Everything recorded of the visit that is open. */
  get timeline() {
    return this.main.getByRole("region", { name: "What happened" });
  }
}

/** The attendance of one visit, in its row or on its own screen. */
export class VisitBoard {
  constructor(place) {
    this.place = place;
    this.bringing = place.getByRole("region", { name: /^Bringing/ });
    this.visiting = place.getByRole("region", { name: /^Visiting/ });
  }

  /** A button by the words it begins with. */
  step(words) {
    return this.place.getByRole("button", { name: new RegExp(`^${words}: `) });
  }

  /** One tap on the next step. */
  async record(words) {
    await this.step(words).click();
  }

  get undo() {
    return this.place.getByRole("button", { name: /^Undo: / });
  }

  /** What this row says of both adults, and nothing of where it is saved. */
  async facts() {
    const [bringing, visiting] = await Promise.all([this.bringing.innerText(), this.visiting.innerText()]);
    const lines = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    return { bringing: lines(bringing), visiting: lines(visiting) };
  }
}

/** Where a supervisor writes. */
export class Composer {
  constructor(place) {
    this.place = place;
    this.text = place.getByRole("textbox");
    this.status = place.getByText("Saved on this tablet");
    this.finish = place.getByRole("button", { name: "Add to the note" });
  }

  async chooseKind(kind) {
    await this.place.getByRole("radio", { name: kind, exact: true }).check();
  }

  async chooseSpeaker(name) {
    await this.place.getByRole("radio", { name, exact: true }).check();
  }

  /** Types an entry key by key and waits until it is stored, without adding it. */
  async type(text) {
    await this.text.pressSequentially(text);
    await this.status.waitFor();
  }

  /** Adds what was typed; the composer is blank then. */
  async add() {
    await this.finish.click();
    await this.place.getByText(/^Saved at every key/).waitFor();
  }
}
