"""What the kernel is to do about a network connection whose peer has gone without a word."""

import socket
from collections.abc import Mapping


def watch_peer(endpoint: socket.socket | None, options: Mapping[str, int]) -> None:
    """Have the kernel look after a connection, also while nothing is said on it. Nothing is done for a Unix socket.

    Args:
        endpoint: as a transport shows it.
        options: values of TCP's options, by their names in `socket`. Those that the system does not have are left out.

    Raises:
        OSError: the kernel refuses one.
    """
    if endpoint is None or endpoint.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in options.items():
        if (option := getattr(socket, name, None)) is not None:
            endpoint.setsockopt(socket.IPPROTO_TCP, option, value)
