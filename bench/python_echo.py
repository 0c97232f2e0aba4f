"""The baseline on Python: python-socketio as it comes, under uvicorn, WebSocket only. See node_echo.mjs."""

import sys
from typing import Any

import socketio  # type: ignore[import-untyped]
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])
only_acknowledges = sys.argv[2:] == ["acknowledge"]


@server.on("join_chat")  # type: ignore[untyped-decorator]
async def join(sid: str, room: Any) -> Any:
    """Joins the room of the pair."""
    await server.enter_room(sid, room["chatRoomId"])
    return {"success": True}


@server.on("send_message")  # type: ignore[untyped-decorator]
async def echo(_sid: str, message: Any) -> Any:
    """Sends what it got to both people, and acknowledges with it."""
    if not only_acknowledges:
        await server.emit("new_message", message, room=message["chatRoomId"])
    return message


if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(server),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        log_level="warning",
        access_log=False,
    )
