"""Valkey for tests: one server for all, and servers to break."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from hyred_chat.broker.embedded import ValkeyServer


def server_program() -> Path | None:
    """The program that HYRED_TEST_REDIS_SERVER names, or None for the one that is found."""
    named = os.environ.get("HYRED_TEST_REDIS_SERVER")
    return Path(named) if named else None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start_valkey(*, on_port: bool = False, options: Sequence[str] = ()) -> ValkeyServer:
    """A running server, which the caller removes."""
    server = ValkeyServer(program=server_program(), port=free_port() if on_port else 0, options=options)
    try:
        server.start()
    except BaseException:
        server.remove()
        raise
    return server
