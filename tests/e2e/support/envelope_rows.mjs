// What the rows of a tablet's tables say in the clear; see docs/PROTOCOL.md 4 and the tables' keys.

const RING_TAG = 0;
const DESK_TAG = 1;
const TEAM = 3;
const CHANNEL_BYTES = 17;
const CHANNEL_IN_HEADER = 40;

/** Tables whose keys begin with a channel. */
const BY_CHANNEL = ["log", "early", "tips", "heads", "attested"];

/** Every channel that a row names, with where: `{ place, channel }`. */
export function channelsOf(rows) {
  const named = [];
  for (const { table, key, value } of rows) {
    if (BY_CHANNEL.includes(table)) named.push({ place: `a key of ${table}`, channel: key.subarray(0, CHANNEL_BYTES) });
    if (table === "streams") named.push({ place: "a key of streams", channel: key.subarray(16) });
    for (const at of envelopesIn(value)) {
      const channel = value.subarray(at + CHANNEL_IN_HEADER, at + CHANNEL_IN_HEADER + CHANNEL_BYTES);
      named.push({ place: `an envelope in ${table}`, channel });
    }
  }
  return named;
}

/** True for the team's ring and for the desk of this member. */
export function isForVolunteer(channel, member) {
  const ring = channel[0] === RING_TAG && channel[1] === TEAM && channel.subarray(2).every((byte) => byte === 0);
  return ring || (channel[0] === DESK_TAG && channel.subarray(1).toString("hex") === member);
}

/** `ring 3` or `desk 0a0b…`, for messages. */
export function channelName(channel) {
  return `tag ${channel[0]} ${channel.subarray(1).toString("hex")}`;
}

/** Where envelopes begin in a value, whatever stands before them. */
function envelopesIn(value) {
  const places = [];
  for (let at = value.indexOf("NGEV"); at >= 0; at = value.indexOf("NGEV", at + 1)) places.push(at);
  return places;
}
