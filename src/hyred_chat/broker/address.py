"""What a URL of Redis says.

    redis://user:password@host:6379/0                      one server
    rediss://…                                             the same by TLS
    unix://user:password@/run/valkey/valkey.sock?db=0      one server, by a Unix socket
    redis+sentinel://user:password@host1:26379,host2/name  the primary that Sentinel calls `name`
    redis+cluster://user:password@host1:6379,host2:6379    Redis Cluster; some of its servers are enough

`rediss+sentinel://` and `rediss+cluster://` use TLS. User and password may be left out, as may ports (6379, for
Sentinel 26379); characters such as `@` and `/` in them are written as `%40` and `%2F`. The query may have `db`,
`ssl_ca_certs`, `ssl_certfile`, `ssl_keyfile`, `ssl_cert_reqs`, `ssl_check_hostname`, and for Sentinel
`sentinel_username` and `sentinel_password`.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from redis.asyncio.connection import parse_url

_PORTS = {"": 6379, "sentinel": 26_379, "cluster": 6379}
_QUERY = frozenset({"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname"})
_SENTINEL_QUERY = frozenset({"sentinel_username", "sentinel_password"})
_FORMS = "redis://HOST:PORT/DB, rediss://…, unix://PATH, redis+sentinel://HOST,HOST/NAME or redis+cluster://HOST,HOST"


class Endpoint(NamedTuple):
    """Where a server listens: a host and a port, or the path of a Unix socket and port 0."""

    host: str
    port: int

    def __str__(self) -> str:
        if not self.port:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Address:
    """A URL in its parts. Its text, which may be logged, has no credentials.

    Attributes:
        kind: "" for one server, "sentinel" or "cluster".
        endpoints: the server, the Sentinels, or some servers of the cluster.
        service: what Sentinel calls the primary, or "".
        options: arguments of redis-py for a connection to a server, credentials included.
        sentinel_options: those for a connection to a Sentinel.
    """

    kind: str
    endpoints: tuple[Endpoint, ...]
    service: str = ""
    options: dict[str, Any] = field(default_factory=dict, repr=False)
    sentinel_options: dict[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        hosts = ", ".join(map(str, self.endpoints))
        return {
            "": hosts,
            "sentinel": f"{self.service} at the Sentinels {hosts}",
            "cluster": f"the cluster at {hosts}",
        }[self.kind]


def parse_address(url: str) -> Address:
    """Take a URL apart. Raises ValueError with a sentence that does not repeat the URL, which may hold a password."""
    address, _, query_string = url.partition("?")
    scheme, separator, rest = address.partition("://")
    base, _, kind = scheme.partition("+")
    if not separator or kind not in _PORTS or base not in {"redis", "rediss"} | ({"unix"} if not kind else set()):
        raise ValueError(f"must look like {_FORMS}.")
    query = dict(parse_qsl(query_string, keep_blank_values=True))
    if unknown := query.keys() - _QUERY - (_SENTINEL_QUERY if kind == "sentinel" else set()):
        raise ValueError(f"must not have {min(unknown)} in its query.")
    sentinel_options = {name.removeprefix("sentinel_"): query.pop(name) for name in _SENTINEL_QUERY & query.keys()}
    if base == "unix":
        options = _parse(url)
        path = options.pop("path", "")
        if not path:
            raise ValueError("must have the path of a socket after unix://.")
        return Address("", (Endpoint(path, 0),), options=options)
    authority, _, path = rest.partition("/")
    account, at, hosts = authority.rpartition("@")
    service = path.partition("/")[0] if kind == "sentinel" else ""
    if kind == "sentinel" and not service:
        raise ValueError("must name the primary after the Sentinels, as in redis+sentinel://HOST,HOST/NAME.")
    database = path if not kind else ""
    if database and not database.isdecimal():
        raise ValueError("must have the number of a database, or nothing, after the host.")
    tail = f"/{database}" + (f"?{urlencode(query)}" if query else "")
    each = [_parse(f"{base}://{account}{at}{host}{tail}") for host in hosts.split(",")]
    if kind == "cluster" and each[0].get("db"):
        raise ValueError("must not name a database: a cluster has only one.")
    endpoints = tuple(Endpoint(one.pop("host", "localhost"), one.pop("port", _PORTS[kind])) for one in each)
    tls = {name: value for name, value in each[0].items() if name.startswith("ssl") or name == "connection_class"}
    return Address(kind, endpoints, service, each[0], tls | sentinel_options)


def _parse(url: str) -> dict[str, Any]:
    try:
        return dict(parse_url(url))
    except ValueError:
        raise ValueError(f"must look like {_FORMS}.") from None
