// Unique strings that must not be found anywhere in the clear, and the search for them through every byte.
import fs from "node:fs";
import path from "node:path";

const CONSONANTS = "bdfgjklmnprstvz";
const VOWELS = "aeiou";

/** A word that no dictionary and no program has: fit for a name, an address, a sentence. */
export function canaryWord(chance) {
  const syllable = () => chance.pick(CONSONANTS) + chance.pick(VOWELS);
  return `Xq${Array.from({ length: 5 }, syllable).join("")}`;
}

/** A phone number of digits that stand nowhere else. */
export function canaryPhone(chance) {
  return `07700 ${Array.from({ length: 6 }, () => chance.between(0, 9)).join("")}`;
}

/** The forms in which a string may lie in bytes; all in lower case, as `search` lowers what it searches. */
export function formsOf(words) {
  const forms = new Map();
  for (const text of new Set([words, words.replace(/\s/g, "")])) {
    const bytes = Buffer.from(text, "utf8");
    const spaced = text === words ? "" : " without spaces";
    forms.set(`UTF-8${spaced}`, bytes.toString("latin1").toLowerCase());
    forms.set(`UTF-16${spaced}`, Buffer.from(text, "utf16le").toString("latin1").toLowerCase());
    forms.set(`hex${spaced}`, bytes.toString("hex"));
    forms.set(`percent code${spaced}`, encodeURIComponent(text).toLowerCase());
    for (const shift of [0, 1, 2]) forms.set(`base64, shifted by ${shift}${spaced}`, base64Core(bytes, shift));
  }
  return forms;
}

/** One line for every canary that is in these bytes; `canaries` maps a field's name to its string. */
export function search(bytes, canaries, place) {
  const hay = Buffer.from(bytes).toString("latin1").toLowerCase();
  const found = [];
  for (const [field, words] of Object.entries(canaries)) {
    for (const [form, needle] of formsOf(words)) {
      if (hay.includes(needle)) found.push(`${place}: ${field} as ${form}`);
    }
  }
  return found;
}

/** Searches every file below a folder. */
export function searchFolder(folder, canaries) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    found.push(...search(Buffer.from(entry.name), canaries, `the name of ${file}`));
    if (entry.isFile()) found.push(...search(fs.readFileSync(file), canaries, file));
  }
  return found;
}

/** Searches rows as `readRows` of store.mjs gives them. */
export function searchRows(rows, canaries) {
  return rows.flatMap(({ db, table, key, value }) => [
    ...search(key, canaries, `a key of ${db}/${table}`),
    ...search(value, canaries, `a row of ${db}/${table}`),
  ]);
}

/** Records addresses and bodies of everything that the device's pages and service worker ask for. */
export function recordRequests(context) {
  const asked = [];
  context.on("request", (request) => {
    asked.push({ address: request.url(), body: request.postDataBuffer() ?? Buffer.alloc(0) });
  });
  return asked;
}

/** The characters of the base64 that do not depend on the neighbours, if the bytes begin at this place of three. */
function base64Core(bytes, shift) {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").replace(/=+$/, "");
  const from = Math.ceil((shift * 8) / 6);
  const length = Math.floor(((bytes.length + shift) * 8) / 6) - from;
  return shifted.slice(from, from + length).toLowerCase();
}
