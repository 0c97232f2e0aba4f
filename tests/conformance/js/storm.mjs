// More clients than are let in at once: all of them get in by themselves, though most are refused at first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { next, open } from "./client.mjs";

const CLIENTS = 12;
const QUICK = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };

for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
  test(`${transports}: who is refused comes back by itself`, { timeout: 20_000 }, async () => {
    let refusals = 0;
    const sockets = [...Array(CLIENTS)].map(() => open({ transports, ...QUICK }));
    for (const socket of sockets) {
      socket.on("connect_error", (error) => {
        refusals += 1;
        assert.equal(socket.active, true, "the client goes on trying");
        assert.match(error.message, /^(xhr poll|websocket) error$/);
      });
    }
    await Promise.all(sockets.map((socket) => next(socket, "connect")));
    assert.ok(refusals > 0);
    sockets.forEach((socket) => socket.disconnect());
  });
}
