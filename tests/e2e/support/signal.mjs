// The signal in a hall: everything a device sends goes through here, so that switching it off also holds for the
// service worker and for what Chromium sends in the background.
import http from "node:http";
import net from "node:net";

/** Starts it, switched on. `proxy` is what `launchBrowser` takes. */
export async function startSignal() {
  const sockets = new Set();
  let on = true;
  const server = http.createServer((request, response) => {
    if (!on) return request.socket.destroy();
    const onward = http.request(request.url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.on("connect", (request, socket, head) => {
    if (!on) return socket.destroy();
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = net.connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [[socket, onward], [onward, socket]]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    proxy: { server: `http://127.0.0.1:${server.address().port}` },
    switchOff: () => {
      on = false;
      cut();
    },
    switchOn: () => {
      on = true;
    },
    stop: () =>
      new Promise((done) => {
        server.close(done);
        cut();
      }),
  };
}
