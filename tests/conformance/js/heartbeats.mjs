// Heartbeats: the server sends the next ping only after the client's pong, so each but the first shows that one came.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, next } from "./client.mjs";

const PINGS = 20;

for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
  test(`${transports.join(", then ")}: the client answers ${PINGS} pings and stays connected`, async () => {
    const socket = await connect({ transports });
    for (let count = 0; count < PINGS; count++) await next(socket.io, "ping");
    assert.equal(socket.connected, true);
    socket.disconnect();
  });
}
