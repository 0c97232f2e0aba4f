"""Which names the server answers to.

A page of `attacker.example` whose name suddenly resolves to 127.0.0.1 is of the same origin as a development server
there, whose tokens anybody can make up (DNS rebinding). Its requests still say `Host: attacker.example`.
"""

import ipaddress
import re
from collections.abc import Iterable

_HOST = re.compile(r"(?:\[(?P<ipv6>[^\]]*)\]|(?P<name>[^:\[\]]*?)\.?)(?::[0-9]*)?")  # RFC 9110, section 7.2


class Hosts:
    """The names that requests may address.

    Args:
        names: without ports, in lower case. None: any. Addresses, `localhost` and names below it are always answered:
            nobody can make those resolve to somewhere else.
    """

    def __init__(self, names: Iterable[str] | None) -> None:
        self._names = None if names is None else frozenset(names)

    def answer_to(self, host: str) -> bool:
        """Whether a request with this `Host` header is answered. Without one it does not come from a web page."""
        if self._names is None or not host:
            return True
        match = _HOST.fullmatch(host.strip().lower())
        if match is None:
            return False
        name = match["name"] or match["ipv6"]
        return name == "localhost" or name.endswith(".localhost") or name in self._names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
