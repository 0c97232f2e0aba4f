// People with the official client as it is by default, each on a transport. Says on its standard output what happens to
// whom, a JSON object a line: connected, disconnected (and why), and who is shown as gone.

import { io } from "socket.io-client";

for (const { name, token, transports } of JSON.parse(process.env.PEOPLE)) {
  const socket = io(process.env.SERVER_URL, { forceNew: true, transports, auth: { token } });
  const say = (event, fields = {}) => console.log(JSON.stringify({ name, event, ...fields }));
  socket.on("connect", () => say("connected", { session: socket.io.engine.id }));
  socket.on("connect_error", (error) => say("refused", { reason: error.message }));
  socket.on("disconnect", (reason) => say("disconnected", { reason }));
  for (const event of ["presence_changed", "user_left", "error"]) {
    socket.on(event, (payload) => say(event, { payload }));
  }
  socket.io.on("open", () => socket.io.engine.on("upgrade", () => say("upgraded")));
}
