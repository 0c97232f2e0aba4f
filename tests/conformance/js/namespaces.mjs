// Namespaces, sign-in, refusals and disconnections, as the official client sees them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, next, open, upgraded } from "./client.mjs";

test("the auth payload reaches the server, given or computed", async () => {
  for (const auth of [{ token: "123" }, (give) => give({ token: "123" })]) {
    const socket = open({ auth });
    const [seen] = await next(socket, "auth");
    assert.deepEqual(seen, { token: "123" });
    socket.disconnect();
  }
});

test("a refusal is a connect_error with its message and its data", async () => {
  const socket = open({ auth: { token: "bad" } });
  const [error] = await next(socket, "connect_error");
  assert.equal(error.message, "Token refused");
  assert.deepEqual(error.data, { code: "unauthenticated" });
  assert.equal(socket.connected, false);
  // The connection is still there: a better token is all that it takes.
  socket.auth = { token: "good" };
  socket.connect();
  await next(socket, "connect");
  socket.disconnect();
});

test("an unknown namespace is a connect_error", async () => {
  const socket = open({}, "/random");
  const [error] = await next(socket, "connect_error");
  assert.equal(error.message, "Invalid namespace");
});

test("two namespaces share a connection and keep their events apart", async () => {
  const main = await connect();
  const custom = main.io.socket("/custom");
  await next(custom, "connect");
  assert.notEqual(main.id, custom.id);
  assert.notEqual(main.id, main.io.engine.id);
  const answers = await Promise.all([main, custom].map((socket) => socket.timeout(2000).emitWithAck("where")));
  assert.deepEqual(answers, ["/", "/custom"]);
  custom.disconnect();
  assert.equal(await main.timeout(2000).emitWithAck("where"), "/");
  main.disconnect();
});

test("a disconnection by the server is told as one, and the client may come back", async () => {
  const socket = await connect();
  const end = next(socket, "disconnect");
  socket.emit("disconnect-me", false);
  assert.equal((await end)[0], "io server disconnect");
  socket.connect();
  await next(socket, "connect");
  socket.disconnect();
});

for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
  test(`the server ends the connection: ${transports}`, async () => {
    const socket = await connect({ transports });
    if (transports.length > 1) await upgraded(socket);
    const closed = next(socket.io.engine, "close");
    const end = next(socket, "disconnect");
    socket.emit("disconnect-me", true);
    assert.equal((await end)[0], "io server disconnect");
    await closed;
  });
}
