// Where the built parts lie; knows nothing of what the journeys do with them.
import { fileURLToPath } from "node:url";
import path from "node:path";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");

export const relayProgram = process.env.NG_RELAY ?? path.join(target, "release", "sync-server");

export const dist = process.env.NG_DIST ?? path.join(root, "dist");

export const screenshots = path.join(root, "docs", "screenshots");

/** What a failed journey leaves behind for people to look at. */
export const evidence = path.join(target, "journeys");

export const chromiumProgram = process.env.NG_CHROMIUM ?? "/usr/bin/chromium";
