// Reads from membership records which device belongs to which member; see docs/PROTOCOL.md 2.

const GENESIS = 0;
const DEVICE_ADD = 2;

/** Device id to member id, both in hex, from the rows of the table `chain`. */
export function devicesOf(records) {
  const owners = new Map();
  for (const record of records) {
    const body = decode(record.subarray(4, 4 + record.readUInt32BE(0)));
    const [, , , signer, , [kind, ...fields]] = body;
    if (kind === GENESIS) owners.set(signer.toString("hex"), fields[1].toString("hex"));
    if (kind === DEVICE_ADD) {
      const [member, , , sealedKeys] = fields;
      owners.set(sealedKeys[0][0].toString("hex"), member.toString("hex"));
    }
  }
  return owners;
}

/** The deterministic CBOR of the protocol: integers, bytes, text, arrays, null and booleans. */
function decode(bytes) {
  const state = { bytes, at: 0 };
  const value = item(state);
  if (state.at !== bytes.length) throw new Error(`expected one value, found ${bytes.length - state.at} bytes more`);
  return value;
}

function item(state) {
  const first = state.bytes[state.at];
  state.at += 1;
  const [major, rest] = [first >> 5, first & 31];
  if (major === 7) {
    const simple = { 20: false, 21: true, 22: null }[rest];
    if (simple === undefined) throw new Error(`expected a simple value, found ${rest}`);
    return simple;
  }
  const number = argument(state, rest);
  switch (major) {
    case 0:
      return number;
    case 1:
      return -1 - number;
    case 2:
    case 3: {
      const part = state.bytes.subarray(state.at, state.at + number);
      state.at += number;
      return major === 2 ? part : part.toString("utf8");
    }
    case 4:
      return Array.from({ length: number }, () => item(state));
    default:
      throw new Error(`expected no maps or tags, found major type ${major}`);
  }
}

function argument(state, rest) {
  if (rest < 24) return rest;
  const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[rest];
  if (size === undefined) throw new Error(`expected a definite length, found ${rest}`);
  const number = state.bytes.readUIntBE(state.at, Math.min(size, 6)) * (size === 8 ? 2 ** 16 : 1);
  const low = size === 8 ? state.bytes.readUInt16BE(state.at + 6) : 0;
  state.at += size;
  return number + low;
}
