// The trustees' sheets at the desk: made, put away, tried.
import { Frame } from "./frame.mjs";

export class Sheets extends Frame {
  /** Makes three sheets; answers the words of each, which are on the screen then. */
  async make() {
    await this.follow("/people/sheets", /^The trustees. sheets$/);
    await this.main.getByRole("button", { name: /^Make (three|new) sheets$/ }).click();
    await this.main.getByRole("heading", { name: "Print these three pages now" }).waitFor();
    const sheets = this.main.getByRole("region", { name: /^Sheet \d of 3$/ });
    const words = [];
    for (const sheet of await sheets.all()) {
      words.push((await sheet.getByRole("listitem").allInnerTexts()).map((word) => word.trim()).join(" "));
    }
    return words;
  }

  /** Says that all three are on paper. */
  async putAway() {
    await this.main.getByRole("button", { name: "All three are on paper" }).click();
    await this.main.getByRole("heading", { name: "Try two of them" }).waitFor();
  }

  /** Types two sheets in and asks whether they are right. */
  async type(one, other) {
    await this.main.getByLabel("Words of one sheet").fill(one);
    await this.main.getByLabel("Words of another sheet").fill(other);
    await this.main.getByRole("button", { name: "Try them" }).click();
  }

  /** Tries two sheets that are right. */
  async tryTwo(one, other) {
    await this.type(one, other);
    await this.main.getByText(/^These two are right/).waitFor();
  }
}
