"""Whether the server can listen where it is told to, and for how many: asked before anything is started."""

import errno
import resource
import socket
from dataclasses import dataclass

from hyred_chat.config import ConfigurationError, Settings, variable_of

# Some systems call "no limit" what no process can have.
_MOST_DESCRIPTORS = 1_048_576
# Listeners, the loop's own, log files, the embedded database's pipes, lookups of names; generously.
_OTHER_DESCRIPTORS = 64
_PUSH_PROVIDERS = 2
_PORT = "PORT"
# Connections that the system has completed, and the server has not accepted yet.
BACKLOG = 2048
# Connections that are accepted past every bound, to see whether they are health checks or the operator.
_RESERVE = 32
# Connections to other nodes, which answer some requests: in all, and as a part of all connections.
_MOST_FORWARDED = 10_000
_FORWARDED_PART = 4


class PortInUseError(ConfigurationError):
    """Somebody else listens on the port already."""

    def __init__(self, host: str, port: int, variable: str = _PORT) -> None:
        neighbour = port ^ 1  # never past the last port
        other = f"PORT={neighbour}" if variable == _PORT else f"port {neighbour}"
        super().__init__(
            variable, f"{port} is in use on {host}. Stop what listens there, or choose another, such as {other}."
        )


def check_can_listen(host: str, port: int, variable: str = _PORT) -> None:
    """Bind the address for a moment. Port 0 always works.

    Args:
        variable: the setting that names the port. Other settings than `PORT` name the host as well.

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
        raise _refusal(error, host, port, variable) from error


def check_metrics_address(settings: Settings) -> None:
    """The same for the address of the metrics, where there is one."""
    if settings.metrics_address is not None:
        check_can_listen(*settings.metrics_address, variable_of("metrics_address"))


def _refusal(error: OSError, host: str, port: int, variable: str) -> ConfigurationError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(host, port, variable)
    if error.errno in (errno.EACCES, errno.EPERM):
        example = "PORT=3000" if variable == _PORT else "9464"
        return ConfigurationError(
            variable, f"{port} is for the system's own. Choose one above 1023, such as {example}."
        )
    sentence = f"must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, not {host}."
    return ConfigurationError("HOST" if variable == _PORT else variable, sentence)


def listen(host: str, port: int, *, backlog: int) -> socket.socket:
    """A socket that listens, for the event loop. Raises OSError when it cannot."""
    listener = take_port(host, port)
    try:
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener


def take_port(host: str, port: int) -> socket.socket:
    """A socket at a port, for the event loop, that does not listen yet. Raises OSError when it cannot.

    Whoever connects before the server can serve is refused, and tries again. If the socket listened by then, the first
    would wait in its queue. For all the others the system would repeat their attempts after 1, 3, 7 and 15 s, which is
    longer than clients are patient.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """Where it listens: `http://HOST:PORT`."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@dataclass(frozen=True, slots=True)
class Room:
    """How many connections a process has descriptors for.

    Attributes:
        connections: of anybody.
        reserve: beyond those, for health checks and the operator.
        forwarded: beyond those, to other nodes.
    """

    connections: int
    reserve: int
    forwarded: int = 0


def raise_descriptor_limit() -> None:
    """Let this process have as many descriptors as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def room_for_connections(settings: Settings) -> Room:
    """What is left for connections when everything else that the server opens has its descriptors.

    When that would be next to nothing, connections get a quarter of all there are.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limits = [limit for limit in (soft, hard, _MOST_DESCRIPTORS) if limit != resource.RLIM_INFINITY]
    descriptors = min(limits)
    needed = settings.database_pool_size + settings.message_lanes + _OTHER_DESCRIPTORS
    if settings.push_worker:
        needed += settings.push_concurrency * _PUSH_PROVIDERS
    connections = max(descriptors - needed - _RESERVE, descriptors // 4)
    forwarded = 0 if settings.redis_url is None else min(_MOST_FORWARDED, connections // _FORWARDED_PART)
    return Room(connections - forwarded, min(_RESERVE, descriptors // 8), forwarded)
