"""Whether the server can listen where it is told to, asked before anything is started."""

import errno
import socket

from hyred_chat.config import ConfigurationError


class PortInUseError(ConfigurationError):
    """Somebody else listens on the port already."""

    def __init__(self, host: str, port: int) -> None:
        neighbour = port ^ 1  # never past the last port
        super().__init__(
            "PORT", f"{port} is in use on {host}. Stop what listens there, or choose another, such as PORT={neighbour}."
        )


def check_can_listen(host: str, port: int) -> None:
    """Bind the address for a moment. Port 0 always works.

    Raises:
        PortInUseError: somebody else listens there.
        ConfigurationError: the host is not an address of this machine, or the port is reserved.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a closing port is free
            probe.bind(address)
            probe.listen()  # two may bind a port that is free to be reused; only one may listen
    except OSError as error:
        raise _refusal(error, host, port) from error


def _refusal(error: OSError, host: str, port: int) -> ConfigurationError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(host, port)
    if error.errno in (errno.EACCES, errno.EPERM):
        return ConfigurationError("PORT", f"{port} is for the system's own. Choose one above 1023, such as PORT=3000.")
    return ConfigurationError("HOST", f"must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, not {host}.")
