"""What is decided by a request's head alone, before anything else of it is read: one rule for HTTP and WebSocket."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from hyred_chat.errors import ChatError, UnknownHostError
from hyred_chat.http.addresses import Proxies
from hyred_chat.http.admission import Admission
from hyred_chat.http.errors import refusal
from hyred_chat.http.forwarding import Forwarding
from hyred_chat.http.head import Head
from hyred_chat.http.holds import Holds
from hyred_chat.http.hosts import Hosts
from hyred_chat.http.starts import Starts

_SCHEMES = frozenset({b"http", b"https"})


def _nothing_is(_: Head) -> bool:
    return False


def _answer(error: ChatError, _: Head) -> ASGIApp:
    return refusal(error)


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in.

    Attributes:
        admission: the count of connections.
        proxies: who may say whom they speak for.
        hosts: the names that are answered to.
        is_essential: whether a request is answered even when there are too many connections.
        is_transfer: whether the body of a request, or its answer, may be long: what is bounded is then how long it
            stands still, and not how long it takes.
        is_shared: whether other processes are behind the same port: a connection's next request may be for one of them,
            so each answer is a connection's last.
        answer: the application that answers a refused request.
        forwarding: what other nodes are asked; None where there are none.
        starts: when requests begin.
        holds: when those are answered that are too many.
    """

    admission: Admission
    proxies: Proxies = field(default_factory=Proxies)
    hosts: Hosts = field(default_factory=lambda: Hosts(None))
    is_essential: Callable[[Head], bool] = _nothing_is
    is_transfer: Callable[[Head], bool] = _nothing_is
    is_shared: bool = False
    answer: Callable[[ChatError, Head], ASGIApp] = _answer
    forwarding: Forwarding | None = None
    starts: Starts = field(default_factory=Starts)
    holds: Holds = field(default_factory=Holds)

    def is_of_node(self, peer: str) -> bool:
        """Whether a connection from this address is another node's, which asks for many clients."""
        return self.forwarding is not None and self.forwarding.directory.is_node_at(peer)

    def check_host(self, head: Head) -> ChatError | None:
        """The refusal of a request that is addressed to somebody else."""
        is_ours = all(self.hosts.answer_to(host.decode("latin-1")) for host in head.values(b"host"))
        return None if is_ours else UnknownHostError()

    def forwarded(self, proxy: str, head: Head) -> tuple[str, str | None]:
        """The client's address and scheme (None: not said), as a trusted proxy forwards them."""
        forwarded_for = b",".join(head.values(b"x-forwarded-for")).decode("latin-1")
        schemes = b",".join(head.values(b"x-forwarded-proto")).rsplit(b",", 1)
        scheme = schemes[-1].strip().lower()
        return self.proxies.client_of(proxy, forwarded_for), scheme.decode() if scheme in _SCHEMES else None
