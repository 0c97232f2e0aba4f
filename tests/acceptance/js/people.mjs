// People with the official client as it is by default, each on a transport. Says on its standard output what happens to
// whom, a JSON object a line: connected, disconnected (and why), and who is shown as gone. With a room they join it, send
// so many messages, and say what is acknowledged and what comes.

import { io } from "socket.io-client";

for (const { name, token, transports, room, messages } of JSON.parse(process.env.PEOPLE)) {
  const socket = io(process.env.SERVER_URL, { forceNew: true, transports, auth: { token } });
  const say = (event, fields = {}) => console.log(JSON.stringify({ name, event, ...fields }));
  socket.on("connect", () => say("connected", { session: socket.io.engine.id }));
  socket.on("connect_error", (error) => say("refused", { reason: error.message }));
  socket.on("disconnect", (reason) => say("disconnected", { reason }));
  if (room) {
    // Once: whoever is back has a new session, in no room.
    socket.once("connect", async () => {
      await socket.emitWithAck("join_chat", { chatRoomId: room });
      say("joined");
      for (let number = 0; number < messages; number += 1) {
        const content = `${name} ${number}`;
        const { success, data } = await socket.emitWithAck("send_message", { chatRoomId: room, content });
        say("acknowledged", { success, id: data?.id, seq: data?.seq });
      }
    });
    socket.on("new_message", ({ id, seq }) => say("message", { id, seq }));
  }
  for (const event of ["presence_changed", "user_left", "error"]) {
    socket.on(event, (payload) => say(event, { payload }));
  }
  socket.io.on("open", () => socket.io.engine.on("upgrade", () => say("upgraded")));
}
