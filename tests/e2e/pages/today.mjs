// A session that is today whatever the clock says, and invented people for it.

const MINUTE = 60_000;
const LATEST = 23 * 60 + 50;

/** The day and the times of visits that are under way now, by the hall's clock. Waits out the last minutes of a day. */
export async function sessionTimes() {
  let now = ukMinutes();
  while (now.minutes > LATEST) {
    await new Promise((done) => setTimeout(done, MINUTE / 6));
    now = ukMinutes();
  }
  const starts = Math.max(0, now.minutes - 20);
  const ends = Math.min(starts + 90, 24 * 60 - 1);
  return { day: now.day, opens: "00:00", closes: "23:59", starts: clock(starts), ends: clock(ends) };
}

function ukMinutes() {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: "Europe/London",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date());
  const part = (type) => parts.find((found) => found.type === type).value;
  return {
    day: `${part("year")}-${part("month")}-${part("day")}`,
    minutes: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

function clock(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The centre and its co-ordinator. */
export const CENTRE = {
  centre: "Saltmere Child Contact Centre",
  venue: "Saltmere Methodist Hall",
  name: "Ruth Calder",
  device: "Desk",
};

export const ROOMS = ["Main hall", "Garden room"];

const adult = (first, last, relationship, phone) => ({
  first,
  last,
  relationship,
  phone,
  address: `${phone.slice(-2)} Quillet Steps, Saltmere`,
});

/** A family in a supported visit whose two adults must not meet. */
export const TREVANE = {
  child: "Mia",
  referral: {
    source: "Court",
    referrer: "Invented Clerk",
    kind: "Supported",
    children: [{ first: "Mia", last: "Trevane", born: "14/03/2019" }],
    resident: adult("Dana", "Trevane", "mum", "01632 960123"),
    visiting: adult("Tom", "Trevane", "dad", "01632 960124"),
    reason: "An order of the court: every second Saturday.",
    allergies: "Nuts: carries an injector",
  },
  risk: { level: "Low", suitable: "Supported", controls: "Separate doors", reason: "Nothing else is known." },
  arrangement: { kind: "Supported", minutes: 90 },
};

/** A family in a supervised visit whose two adults may meet. */
export const ODUYA = {
  child: "Kofi",
  referral: {
    source: "Social worker",
    referrer: "Invented Worker",
    kind: "Supervised",
    children: [{ first: "Kofi", last: "Oduya" }],
    resident: adult("Grace", "Oduya", "gran", "01632 960133"),
    visiting: adult("Esi", "Oduya", "mum", "01632 960134"),
    reason: "Asked for by the local authority.",
    allergies: "None known",
  },
  risk: { level: "Medium", suitable: "Supervised", controls: "Two workers in the hall", reason: "As the assessment says." },
  arrangement: { kind: "Supervised", minutes: 90, apart: false },
};
