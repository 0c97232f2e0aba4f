"""The servers that the official protocol test suites expect: `python -m tests.conformance.echo_app [--engine]`."""

import argparse
import asyncio
import dataclasses
import socket

import uvicorn

from hyred_chat.socketio import (
    Encoded,
    EngineServer,
    Event,
    Handshake,
    Namespace,
    Receiver,
    ServerSettings,
    Session,
    Socket,
    SocketServer,
)

Server = EngineServer | SocketServer


class Echo(Receiver):
    """Sends every Engine.IO message back as it came."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def text_received(self, packet: bytes) -> None:
        self._session.send(Encoded(packet))

    def binary_received(self, message: bytes) -> None:
        self._session.send(Encoded(None, [message]))

    def session_closed(self, reason: str) -> None:
        """Nothing is kept."""


OFFICIAL = ServerSettings(
    ping_interval_seconds=0.3,
    ping_timeout_seconds=0.2,
    connect_timeout_seconds=1.0,
    max_payload_bytes=1_000_000,
    allowed_origins=None,
)


def engine_server(**changes: float) -> EngineServer:
    return EngineServer(dataclasses.replace(OFFICIAL, path="/engine.io/", **changes), Echo)  # type: ignore[arg-type]


def socket_server(**changes: float) -> SocketServer:
    server = SocketServer(dataclasses.replace(OFFICIAL, **changes))  # type: ignore[arg-type]
    emit_auth_on_connect(server.namespace("/"))
    emit_auth_on_connect(server.namespace("/custom"))

    @server.namespace("/").on("message")
    def message(event: Event) -> None:
        event.socket.emit("message-back", *event.args)

    @server.namespace("/").on("message-with-ack")
    def message_with_ack(event: Event) -> None:
        event.acknowledge(*event.args)

    return server


def emit_auth_on_connect(namespace: Namespace) -> None:
    @namespace.on_connect
    async def connect(socket_: Socket, handshake: Handshake) -> None:
        socket_.emit("auth", handshake.auth or {})


class EchoServer(uvicorn.Server):
    """Ends the sessions before it waits for their connections: a pending poll would hold the shutdown up."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self._echo_server = server

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._echo_server.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> list[socket.socket]:
    """`localhost` is both 127.0.0.1 and ::1, because clients resolve it to either."""
    hosts = ["127.0.0.1", "::1"] if host == "localhost" else [host]
    return [
        socket.create_server((name, port), family=socket.AF_INET6 if ":" in name else socket.AF_INET) for name in hosts
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="store_true", help="an Engine.IO echo at /engine.io/")
    parser.add_argument("--host", default="localhost", help="where to listen (default: 127.0.0.1 and ::1)")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--patience", type=float, help="seconds to wait for a pong, and for a CONNECT")
    arguments = parser.parse_args()
    patience: float | None = arguments.patience
    waits = {} if patience is None else {"ping_timeout_seconds": patience, "connect_timeout_seconds": patience}
    server: Server = engine_server(**waits) if arguments.engine else socket_server(**waits)
    config = uvicorn.Config(server, ws=server.websocket_protocol, http="httptools", loop="uvloop", log_level="warning")
    asyncio_server = EchoServer(config, server)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(asyncio_server.serve(listen(arguments.host, arguments.port)))


if __name__ == "__main__":
    main()
