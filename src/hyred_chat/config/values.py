"""The kinds of values that settings take: how each is read from a variable, and what is said when it cannot be."""

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import NoDecode

T = TypeVar("T")

_MIN_KEY_CHARS = 16
_MAX_KEY_CHARS = 256
_ENDS = ("ge", "le")  # every number among the settings has both
_DEFAULT_PORTS = {"http": 80, "https": 443}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _words(value: str | Iterable[Any]) -> list[Any]:
    """The parts of a comma-separated text, or of what is a list already."""
    parts = value.split(",") if isinstance(value, str) else value
    return [part for part in (part.strip() if isinstance(part, str) else part for part in parts) if part]


def _split(url: str) -> SplitResult | None:
    """The parts of a URL, or None when it is none (an odd port, a bracket too many)."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts


def origin_of(scheme: str, host: str, port: int | None) -> str:
    """An origin as browsers write it: lower case, no default port, brackets around an IPv6 address."""
    host = f"[{host}]" if ":" in host else host
    suffix = "" if port in (None, _DEFAULT_PORTS.get(scheme)) else f":{port}"
    return f"{scheme}://{host}{suffix}".lower()


def _origin(text: str) -> str:
    if text == "*":
        return text
    parts = _split(text)
    if (
        not parts
        or not parts.hostname
        or not parts.scheme
        or parts.path.strip("/")
        or parts.query
        or "@" in parts.netloc
    ):
        raise ValueError("must be origins such as https://app.example.com, separated by commas.")
    return origin_of(parts.scheme, parts.hostname, parts.port)


def _origins(value: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(_origin(text) for text in _words(value))


def _keys(value: str | Iterable[str | SecretStr]) -> tuple[SecretStr, ...]:
    keys = tuple(key if isinstance(key, SecretStr) else SecretStr(key) for key in _words(value))
    if not all(_MIN_KEY_CHARS <= len(key) <= _MAX_KEY_CHARS for key in keys):
        raise ValueError(f"each key must have {_MIN_KEY_CHARS} to {_MAX_KEY_CHARS} characters.")
    return keys


def _database_url(url: str) -> str:
    scheme, _, rest = url.strip().partition("://")
    address, slash, name = rest.partition("/")
    account, at, hosts = address.rpartition("@")
    # Several hosts are separated by commas, each with a port of its own.
    each = [_split(f"{scheme}://{account}{at}{host}{slash}{name}") for host in hosts.split(",")]
    if scheme not in ("postgresql", "postgres") or not all(parts and parts.path.strip("/") for parts in each):
        raise ValueError("must be a PostgreSQL address such as postgresql://user:password@host:5432/database.")
    return f"postgresql://{rest}"


def check_files_url(url: str) -> str:
    """The address of a store itself, when it is one. Raises ValueError."""
    url = url.strip()
    is_folder = url.startswith("file:") and Path(url.removeprefix("file:")).is_absolute()
    is_bucket = re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()/-]*)?", url)
    if "\0" in url or not (is_folder or is_bucket):
        raise ValueError("must be a folder such as file:/srv/hyred-chat/files, or a bucket such as s3://files/chat.")
    return url


def _clamd_url(url: str) -> str:
    url = url.strip()
    parts = _split(url)
    is_tcp = parts and parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/")
    if not is_tcp and not (url.startswith("unix:/") and "\0" not in url):
        raise ValueError("must be an address such as tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl.")
    return url


def _web_url(url: str) -> str:
    parts = _split(url)
    if not parts or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that starts with https:// (or http://).")
    return url.strip()


def _page_url(template: str) -> str:
    template = template.strip()
    parts = _split(template)
    # Browsers read a backslash as a slash, and leave out line breaks: what they open must be what was checked.
    is_page = (
        parts
        and parts.scheme in ("http", "https")
        and parts.hostname
        and not re.search(r"[@{}]", parts.netloc)
        and re.fullmatch(r"[^{}]+\{id\}[^{}]*", template)
        and not re.search(r"[\s\\\x00-\x1f\x7f]", template)
    )
    if not is_page:
        raise ValueError(
            "must be an address such as https://www.example.com/jobs/{id}, with {id} once, after the host, "
            "and without a user name or password."
        )
    return template


def check_schema_name(name: str) -> str:
    """The name itself, when PostgreSQL takes it as an identifier without quotes. Raises ValueError."""
    if not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError("must be a plain PostgreSQL name: lower-case letters, digits and _, at most 63, no pg_ first.")
    return name


def _project_id(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{4,29}", name):
        raise ValueError("must be a Firebase project id, such as hyred-12345.")
    return name


def _tenant_id(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{3,63}", name):
        raise ValueError("must be the id of a tenant, such as clients-x1y2z.")
    return name


def _web_api_key(key: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,100}", key):
        raise ValueError("must be a Firebase web API key, such as AIzaSy… of 39 characters.")
    return key


def _hosts(value: str | Iterable[str]) -> tuple[str, ...]:
    hosts = tuple(str(host).lower() for host in _words(value))
    if not all(re.fullmatch(r"[a-z0-9.-]+(:\d+)?", host) for host in hosts):
        raise ValueError("must be host names such as push.example.com, separated by commas.")
    return hosts


def _networks(value: str | Iterable[str | Network]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(network) for network in _words(value))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.5 or 10.0.0.0/8, separated by commas.") from None


def _vapid_subject(address: str) -> str:
    if not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+)", address):
        raise ValueError("must be an address that push services can write to: mailto:… or https://…")
    return address


def _address(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    parts = _split(f"//{value.strip()}")
    if not parts or not parts.hostname or parts.port is None or parts.netloc != value.strip() or "@" in parts.netloc:
        raise ValueError("must be an address and a port, such as 127.0.0.1:9464.")
    return parts.hostname, parts.port


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


Word = Annotated[T, BeforeValidator(_lower)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
Address = Annotated[tuple[str, int], BeforeValidator(_address)]
OptionalAddress = Annotated[Address | None, NoDecode]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)]
ApiKeys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_keys)]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]
VapidSubject = Annotated[str, AfterValidator(_vapid_subject)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
SchemaName = Annotated[str, AfterValidator(check_schema_name)]
ProjectId = Annotated[str, AfterValidator(_project_id)]
TenantId = Annotated[str, AfterValidator(_tenant_id)]
WebApiKey = Annotated[str, AfterValidator(_web_api_key)]
ClamdUrl = Annotated[str, AfterValidator(_clamd_url)]
FilesUrl = Annotated[str, AfterValidator(check_files_url)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
PageUrl = Annotated[str, AfterValidator(_page_url)]


def is_plain_http(url: str | None) -> bool:
    """Whether what is sent to this address can be read and changed on the way."""
    return url is not None and url.lower().startswith("http:")


def expected_value(field: FieldInfo) -> str:
    """What a setting takes, in words: `a whole number from 2 to 100`. Texts, which explain themselves: `text`."""
    kinds = [kind for kind in get_args(field.annotation) if kind is not type(None)] or [field.annotation]
    if get_origin(field.annotation) is Literal:
        return f"{', '.join(kinds[:-1])} or {kinds[-1]}"
    if bool in kinds:
        return "true or false"
    if int in kinds or float in kinds:
        lowest, highest = (
            next(getattr(bound, end) for bound in field.metadata if hasattr(bound, end)) for end in _ENDS
        )
        return f"a {'whole ' if int in kinds else ''}number from {lowest} to {highest}"
    return "a folder" if Path in kinds else "text"
