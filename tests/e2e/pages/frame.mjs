// The bars around every unlocked page, and the ways between pages that do not load the app anew.

/** The unlocked app. */
export class Frame {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole("main");
    this.pages = page.getByRole("navigation", { name: "Pages" });
    this.chip = page.getByRole("link", { name: /^Sending:/ });
  }

  heading(name) {
    return this.main.getByRole("heading", { level: 1, name });
  }

  /** A page's entry in the bar. */
  entry(name) {
    return this.pages.getByRole("link", { name, exact: true });
  }

  /** Goes to a page by its entry in the bar. */
  async open(entry) {
    await this.entry(entry).click();
  }

  /** Follows a link of this app's own, as one in a message, and waits for the page's heading. */
  async follow(path, heading) {
    await this.page.evaluate((href) => {
      const link = document.createElement("a");
      link.href = href;
      document.body.append(link);
      link.click();
      link.remove();
    }, path);
    if (heading !== undefined) await this.heading(heading).waitFor();
  }

  /** The path of the page that is open. */
  path() {
    return new URL(this.page.url()).pathname;
  }

  /** Locks by the page More. */
  async lock() {
    await this.open("More");
    await this.main.getByRole("button", { name: "Lock", exact: true }).click();
    await this.page.getByRole("button", { name: "Unlock", exact: true }).waitFor();
  }

  /** Sends and fetches; answers the words that come of it. */
  async sendNow() {
    await this.chip.click();
    await this.main.getByRole("button", { name: "Send now" }).click();
    const said = this.main.getByText(/^(All sent, and|Not sent:|.* still to send)/);
    await said.waitFor();
    return said.innerText();
  }

  /** Says that the relay which answers is the centre's new one. */
  async followNewRelay() {
    await this.main.getByRole("button", { name: "This is our new relay" }).click();
  }

  /** Waits until nothing is left to send. */
  async allSent() {
    await this.page.getByRole("link", { name: /^Sending: All sent/ }).waitFor();
  }

  /** Waits until something is kept here that is not sent. */
  async hasUnsent() {
    await this.page.getByRole("link", { name: /^Sending: Saved here · \d+ to send/ }).waitFor();
  }
}
