// The official client, with what the tests have in common: the address, bounded waits, and an end for every socket.

import { after } from "node:test";
import { io } from "socket.io-client";

export const URL = process.env.SERVER_URL;
export const MAX_PAYLOAD_BYTES = 1_000_000;
const PATIENCE_MS = 5_000;

const sockets = [];

after(() => sockets.forEach((socket) => socket.io._close()));

/** A socket of the namespace, with a connection of its own; it has not connected yet. */
export function open(options = {}, namespace = "/") {
  const socket = io(URL + namespace, { forceNew: true, reconnection: false, ...options });
  sockets.push(socket);
  return socket;
}

/** Resolves with the arguments of the emitter's next such event; rejects when it does not come in time. */
export function next(emitter, event) {
  return new Promise((resolve, reject) => {
    const receive = (...args) => {
      clearTimeout(timer);
      resolve(args);
    };
    const timer = setTimeout(() => {
      emitter.off(event, receive);
      reject(new Error(`no ${event} event within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    emitter.once(event, receive);
  });
}

/** A socket that has connected. */
export async function connect(options, namespace) {
  const socket = open(options, namespace);
  socket.on("connect_error", (error) => console.log("connect_error:", error));
  await next(socket, "connect");
  return socket;
}

/** Resolves when the connection has left long-polling. */
export async function upgraded(socket) {
  const engine = socket.io.engine;
  if (engine.transport.name !== "websocket") await next(engine, "upgrade");
}
