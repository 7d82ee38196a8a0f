// A server that hands out the app but is no relay: what a hall's login page, a broken proxy or a hostile host answers.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { dist } from "./paths.mjs";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** Starts it on a free port, or on one that a relay has left; `answer(body)` says what a push gets: `{ status, headers, body }`. */
export async function startWrongServer({ port = 0 } = {}) {
  const state = { answer: () => ({ status: 404, headers: {}, body: "" }), pushes: [], replaced: new Map(), slow: null };
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://hall.invalid");
    if (pathname.startsWith("/v1/")) {
      const parts = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts);
      state.pushes.push({ path: pathname, body });
      const reply = state.answer(body);
      response.writeHead(reply.status, reply.headers);
      return response.end(reply.body);
    }
    const named = path.join(dist, pathname);
    const file = fs.existsSync(named) && fs.statSync(named).isFile() ? named : path.join(dist, "index.html");
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream", "cache-control": "no-cache" });
    const content = Buffer.from(state.replaced.get(pathname) ?? fs.readFileSync(file));
    if (state.slow?.pathname !== pathname) return response.end(content);
    const at = content.indexOf(state.slow.mark);
    response.write(content.subarray(0, at));
    await state.slow.released;
    response.end(content.subarray(at));
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    pushes: state.pushes,
    answerWith: (answer) => {
      state.answer = answer;
    },
    /** Hands out other text under this path from now on, as a newer or a damaged build would. */
    replace: (pathname, text) => state.replaced.set(pathname, text),
    /** Hands out this path only up to the mark, and what follows once the function that comes back is called. */
    holdBackFrom: (pathname, mark) => {
      let release;
      state.slow = { pathname, mark, released: new Promise((done) => (release = done)) };
      return release;
    },
    stop: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

/** How many envelopes a request carries. */
export function envelopesIn(body) {
  let count = 0;
  for (let at = 4; at < body.length; at += 4 + body.readUInt32BE(at)) count += 1;
  return count;
}

/** An answer of the relay's form with these codes; its signature is zeros, which only the engine checks. */
export function relayAnswer(codes) {
  const head = Buffer.from([0x4e, 0x47, 0x52, 0x31, codes.length >> 8, codes.length & 0xff]);
  const items = codes.map((code, at) => Buffer.from([code, 0, 0, 0, 0, 0, 0, 0, at & 0xff]));
  const body = Buffer.concat([head, ...items, Buffer.alloc(80)]);
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body };
}
