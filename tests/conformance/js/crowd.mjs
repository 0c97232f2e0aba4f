// Two hundred clients at once, half of them by websocket, half by polling and upgrade.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, next, upgraded } from "./client.mjs";

const CLIENTS = 200;

test("two hundred clients connect at once, and each gets its own answers and every broadcast", async () => {
  const ways = [["websocket"], ["polling", "websocket"]];
  const sockets = await Promise.all(
    [...Array(CLIENTS).keys()].map((index) => connect({ transports: ways[index % 2] })),
  );
  assert.equal(new Set(sockets.map((socket) => socket.id)).size, CLIENTS);
  await Promise.all(sockets.map(upgraded));

  const numbers = [1, 2, 3, 4, 5];
  await Promise.all(
    sockets.map(async (socket, index) => {
      const answers = await Promise.all(
        numbers.map((number) => socket.timeout(5000).emitWithAck("message-with-ack", `${index}:${number}`)),
      );
      assert.deepEqual(answers, numbers.map((number) => `${index}:${number}`));
    }),
  );

  const heard = sockets.map((socket) => {
    const words = [];
    socket.on("shouted", (word) => words.push(word));
    return words;
  });
  const last = sockets.map((socket) => next(socket, "end"));
  sockets[0].emit("shout", "hello");
  sockets[0].emit("shout", "again");
  sockets[0].emit("end-for-all");
  await Promise.all(last);
  heard.forEach((words) => assert.deepEqual(words, ["hello", "again"]));
  sockets.forEach((socket) => socket.disconnect());
});
