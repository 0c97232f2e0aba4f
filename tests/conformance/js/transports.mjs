// Each way that the official client connects: messages, binary data, order, and the greatest size.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, MAX_PAYLOAD_BYTES, next, open, upgraded } from "./client.mjs";

const WAYS = {
  "websocket only": ["websocket"],
  "polling only": ["polling"],
  "polling, then websocket": ["polling", "websocket"],
};

for (const [way, transports] of Object.entries(WAYS)) {
  test(`${way}: the client uses the transports that it was told, in their order`, async () => {
    const used = [];
    const socket = open({ transports });
    socket.io.on("open", () => {
      used.push(socket.io.engine.transport.name);
      socket.io.engine.on("upgrade", (transport) => used.push(transport.name));
    });
    await next(socket, "connect");
    await upgradedIfItWill(socket, transports);
    assert.deepEqual(used, transports);
    assert.equal(await socket.timeout(2000).emitWithAck("message-with-ack", "here"), "here");
    socket.disconnect();
  });

  test(`${way}: events come back with every kind of argument`, async () => {
    const socket = await connect({ transports });
    const args = [null, true, 0, -1.5, "", "é € 日本語 🚀 \u0000\u001e", [], {}, [[1], { a: { b: [null] } }]];
    const answer = next(socket, "message-back");
    socket.emit("message", ...args);
    assert.deepEqual(await answer, args);
    socket.disconnect();
  });

  test(`${way}: binary data goes both ways, anywhere in the arguments`, async () => {
    const socket = await connect({ transports });
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const args = [bytes, { deep: [Buffer.alloc(0), "text", Buffer.alloc(100_000, 7)] }];
    const answer = next(socket, "message-back");
    socket.emit("message", ...args);
    assert.deepEqual(await answer, args);
    assert.deepEqual(await socket.timeout(2000).emitWithAck("message-with-ack", bytes), bytes);
    socket.disconnect();
  });

  test(`${way}: what is sent from the first moment on arrives once and in order`, async () => {
    const socket = await connect({ transports });
    const received = [];
    socket.on("message-back", (number) => received.push(number));
    const count = 400;
    for (let number = 0; number < count; number += 4) {
      for (let each = number; each < number + 4; each++) socket.emit("message", each);
      await new Promise(setImmediate);
    }
    await upgradedIfItWill(socket, transports);
    await socket.timeout(5000).emitWithAck("message-with-ack");
    assert.deepEqual(received, [...Array(count).keys()]);
    socket.disconnect();
  });

  test(`${way}: a message of the greatest size is taken, a greater one ends the connection`, async () => {
    const socket = await connect({ transports });
    await upgradedIfItWill(socket, transports);
    const greatest = "x".repeat(MAX_PAYLOAD_BYTES - '42["message",""]'.length);
    const answer = next(socket, "message-back");
    socket.emit("message", greatest);
    assert.equal((await answer)[0].length, greatest.length);
    const end = next(socket, "disconnect");
    socket.emit("message", `${greatest}x`);
    assert.match((await end)[0], /^transport (close|error)$/);
  });
}

async function upgradedIfItWill(socket, transports) {
  if (transports.length > 1) await upgraded(socket);
}
