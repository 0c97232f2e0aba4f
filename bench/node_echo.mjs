// The baseline on Node: socket.io as it comes, WebSocket only. It stores nothing and acknowledges with what it got.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  socket.on("message", (message, acknowledge) => acknowledge(message));
});

http.listen(Number(process.argv[2]), "127.0.0.1");
