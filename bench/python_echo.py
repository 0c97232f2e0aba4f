"""The baseline on Python: python-socketio as it comes, under uvicorn, WebSocket only. It stores nothing."""

import sys
from typing import Any

import socketio  # type: ignore[import-untyped]
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])


@server.on("message")  # type: ignore[untyped-decorator]
async def echo(_sid: str, message: Any) -> Any:
    """Acknowledges with what it got."""
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
