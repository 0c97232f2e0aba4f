// The server is killed and started again, by whoever runs this: it says on its standard output how far it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, next } from "./client.mjs";

test("the client comes back by itself, and what it sent meanwhile arrives once", { timeout: 20_000 }, async () => {
  const transports = process.env.TRANSPORTS.split(",");
  const socket = await connect({
    transports,
    reconnection: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    randomizationFactor: 0,
  });
  const sid = socket.id;
  const received = [];
  socket.on("message-back", (text) => received.push(text));
  socket.emit("message", "before");
  await next(socket, "message-back");

  const end = next(socket, "disconnect");
  const back = next(socket.io, "reconnect");
  console.log("CONNECTED");
  assert.match((await end)[0], /^transport (close|error)$/);
  socket.emit("message", "meanwhile");
  console.log("DISCONNECTED");

  await back;
  if (!socket.connected) await next(socket, "connect");
  assert.notEqual(socket.id, sid);
  socket.emit("message", "after");
  while (!received.includes("after")) await next(socket, "message-back");
  assert.deepEqual(received, ["before", "meanwhile", "after"]);
  socket.disconnect();
});
