"""Whose connection it is: how an address is counted, and what trusted proxies say about their clients."""

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What one customer gets at least: whoever has one address of IPv6 has 2^64 of them.
IPV6_PREFIX_BITS = 64


class Proxies:
    """The reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. None by default."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = tuple(networks)

    def trust(self, address: str) -> bool:
        """Whether the address belongs to a trusted proxy."""
        return bool(self._networks) and self._contain(_parse(address))

    def client_of(self, proxy: str, forwarded_for: str) -> str:
        """The address that a request of a trusted proxy comes from.

        Each proxy appends the address that it sees, so the list is read from the right: the first hop that is not a
        trusted proxy is the client, and everything to the left of it is only what the client claims. When a hop is no
        address, the proxy that wrote it stands for its client.
        """
        nearest = proxy
        for hop in reversed(forwarded_for.split(",")):
            address = _parse(_without_port(hop.strip()))
            if address is None:
                break
            nearest = str(address)
            if not self._contain(address):
                break
        return nearest

    def _contain(self, address: _Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def counted_address(address: str) -> str:
    """The form in which an address is counted: IPv4 whole (also when IPv6 carries it), IPv6 as its /64 network.

    What is no address is returned as it is.
    """
    if ":" not in address:
        return address
    parsed = _parse(address)
    if not isinstance(parsed, ipaddress.IPv6Address):
        return address if parsed is None else str(parsed)
    return str(ipaddress.IPv6Network((int(parsed), IPV6_PREFIX_BITS), strict=False))


def _parse(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])  # without the zone of a link-local address
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _without_port(hop: str) -> str:
    """`192.0.2.1:8080`, `[2001:db8::1]:8080` and `[2001:db8::1]` without what is not the address."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
