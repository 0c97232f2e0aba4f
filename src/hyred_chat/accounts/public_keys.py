"""An issuer's published keys (RFC 7517): the download, and the choice of those that we use."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ALGORITHMS = ("RS256", "ES256")

_DOWNLOAD_TIMEOUT_SECONDS = 5.0
_MAX_KEY_SET_BYTES = 262_144
_HTTP_OK = 200


class KeySetError(Exception):
    """The key set cannot be had, or holds nothing of use. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The usable keys of a key set, and how long its publisher lets them be kept (None: it does not say)."""

    keys: tuple[jwt.PyJWK, ...]
    max_age_seconds: float | None


async def download_keys(client: httpx.AsyncClient, url: str) -> PublicKeys:
    """The keys published at `url`. Takes at most 5 s and 256 KiB, and follows no redirect.

    Raises:
        KeySetError: with the reason.
    """
    try:
        async with (
            asyncio.timeout(_DOWNLOAD_TIMEOUT_SECONDS),
            client.stream("GET", url, headers={"Accept": "application/json"}) as response,
        ):
            if response.status_code != _HTTP_OK:
                raise KeySetError(f"{url} answered {response.status_code}")
            body = await _read_bounded(response)
            return PublicKeys(_usable_keys(body, url), _max_age_seconds(response))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise KeySetError(f"{url} cannot be reached ({type(error).__name__})") from error


async def _read_bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MAX_KEY_SET_BYTES:
            raise KeySetError(f"{response.url} sends more than {_MAX_KEY_SET_BYTES} bytes")
    return bytes(body)


def _usable_keys(body: bytes, url: str) -> tuple[jwt.PyJWK, ...]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise KeySetError(f"{url} does not answer with JSON") from None
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise KeySetError(f"{url} is no JSON Web Key Set")
    keys = tuple(key for entry in entries if (key := _find_usable_key(entry)) is not None)
    if not keys:
        raise KeySetError(f"{url} holds no RS256 or ES256 key for signatures")
    return keys


def _find_usable_key(entry: Any) -> jwt.PyJWK | None:
    """The key, when it is a public one for signatures by an algorithm of ours. RSA keys under 2048 bits are none."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(entry)
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError):
        return None
    if key.algorithm_name not in ALGORITHMS or not isinstance(key.key, RSAPublicKey | EllipticCurvePublicKey):
        return None
    return None if key.Algorithm.check_key_length(key.key) else key


def _max_age_seconds(response: httpx.Response) -> float | None:
    """`max-age` of Cache-Control (RFC 9111, 5.2.2.1); `no-cache` and `no-store` are an age of 0."""
    directives = response.headers.get("cache-control", "").lower()
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    found = re.search(r"\bmax-age=(\d{1,9})\b", directives)
    return float(found[1]) if found else None
