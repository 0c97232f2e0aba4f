// Acknowledgements both ways, with and without an answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "./client.mjs";

for (const transports of [["websocket"], ["polling"]]) {
  test(`${transports}: the server acknowledges`, async () => {
    const socket = await connect({ transports });
    assert.deepEqual(await socket.timeout(2000).emitWithAck("message-with-ack", { a: [1] }), { a: [1] });
    const all = await new Promise((resolve) => socket.emit("message-with-ack", 1, "2", null, (...args) => resolve(args)));
    assert.deepEqual(all, [1, "2", null]);
    socket.disconnect();
  });

  test(`${transports}: an event that the server does not acknowledge times out`, async () => {
    const socket = await connect({ transports });
    await assert.rejects(socket.timeout(50).emitWithAck("silence"), { message: "operation has timed out" });
    assert.equal(await socket.timeout(2000).emitWithAck("message-with-ack", "still here"), "still here");
    socket.disconnect();
  });

  test(`${transports}: the client acknowledges`, async () => {
    const socket = await connect({ transports });
    socket.on("question", (...args) => args.pop()(...args.reverse(), Buffer.from([1, 2])));
    const answer = await socket.timeout(2000).emitWithAck("ask-me", 1, { b: 2 });
    assert.deepEqual(answer, [{ b: 2 }, 1, Buffer.from([1, 2])]);
    socket.disconnect();
  });

  test(`${transports}: a client that does not acknowledge is waited for no longer than was said`, async () => {
    const socket = await connect({ transports });
    assert.equal(await socket.timeout(2000).emitWithAck("ask-me"), "TimeoutError");
    socket.disconnect();
  });
}
