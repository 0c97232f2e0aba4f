// The baseline on Node: socket.io as it comes, WebSocket only. It stores nothing, checks nothing and knows nobody.
// By default a message goes to both people of its pair and is acknowledged, which is three frames, as in a chat; told
// to `acknowledge`, it only acknowledges, which is one.
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, mode] = process.argv.slice(2);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  socket.on("join_chat", ({ chatRoomId }, acknowledge) => {
    socket.join(chatRoomId);
    acknowledge({ success: true });
  });
  socket.on("send_message", (message, acknowledge) => {
    if (mode !== "acknowledge") io.to(message.chatRoomId).emit("new_message", message);
    acknowledge(message);
  });
});

http.listen(Number(port), "127.0.0.1");
