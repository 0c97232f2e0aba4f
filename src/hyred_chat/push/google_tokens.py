"""Access tokens of a Google service account: a signed assertion is exchanged for one (RFC 7523)."""

import asyncio
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hyred_chat.push.provider_http import NoAnswerError, ProviderHttp

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FIELDS = ("project_id", "client_email", "private_key_id", "token_uri")
ASSERTION_SECONDS = 3600
# A token is renewed this long before it ends.
EARLY_SECONDS = 120.0
# When there was none to be had, those who wait for one too are told the same, and for so long nobody asks again; longer
# when Google asked for it.
FAILURE_SECONDS = 1.0
# A token lives for an hour. One that ends sooner than the least is asked for again no sooner than that.
MIN_GOOD_SECONDS, MAX_GOOD_SECONDS = 10.0, 86_400.0
# What fits into a header (RFC 6750, section 2.1); Google's have a few hundred characters.
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,4096}")


class ServiceAccountError(ValueError):
    """The file is not the key of a service account. The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """What the key file says."""

    project_id: str
    email: str
    key_id: str
    token_url: str
    key: RSAPrivateKey


def load_service_account(path: Path) -> ServiceAccount:
    """Read the JSON that Google's console gives. Raises ServiceAccountError."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        key = load_pem_private_key(fields["private_key"].encode(), password=None)
        project_id, email, key_id, token_url = (fields[name] for name in FIELDS)
    except OSError as error:
        raise ServiceAccountError(f"cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ServiceAccountError("is not the JSON key of a service account.") from None
    if not isinstance(key, RSAPrivateKey) or not all(isinstance(fields[name], str) for name in FIELDS):
        raise ServiceAccountError("is not the JSON key of a service account.")
    return ServiceAccount(project_id, email, key_id, token_url, key)


class AccessTokens:
    """The present token; one request at a time for the next."""

    def __init__(self, account: ServiceAccount, http: ProviderHttp) -> None:
        self._account = account
        self._http = http
        self._token: str | None = None
        self._good_until = 0.0
        self._failure: NoAnswerError | None = None
        self._failed_until = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that is good for a while yet.

        Raises:
            NoAnswerError: there is none to be had now.
        """
        async with self._lock:
            if self._token is None or time.monotonic() >= self._good_until:
                if self._failure is not None and time.monotonic() < self._failed_until:
                    raise NoAnswerError(str(self._failure), self._failure.postponed.after_seconds)
                try:
                    self._token, self._good_until = await self._fetch()
                except NoAnswerError as error:
                    seconds = max(FAILURE_SECONDS, error.postponed.after_seconds or 0.0)
                    self._failure, self._failed_until = error, time.monotonic() + seconds
                    raise
            return self._token

    def forget(self, token: str) -> None:
        """It was refused: the next one is a new one."""
        if self._token == token:
            self._token = None

    async def _fetch(self) -> tuple[str, float]:
        started = time.monotonic()
        form = urlencode({"grant_type": GRANT_TYPE, "assertion": self._assertion()}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._http.post(self._account.token_url, form, headers)
        token, seconds = _read_token(answer.json()) if answer.is_success else (None, 0.0)
        if token is None:
            seconds_asked_for = answer.postponed().after_seconds if answer.should_retry else None
            raise NoAnswerError("no_access_token", seconds_asked_for)
        return token, started + seconds

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self._account.email,
            "scope": SCOPE,
            "aud": self._account.token_url,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        return jwt.encode(claims, self._account.key, algorithm="RS256", headers={"kid": self._account.key_id})


def _read_token(fields: object) -> tuple[str | None, float]:
    """The token that an answer holds, if it holds one, and for how many seconds it is used."""
    found: Any = fields if isinstance(fields, dict) else {}
    token = found.get("access_token")
    try:
        seconds = float(found.get("expires_in"))
    except (ValueError, TypeError):
        return None, 0.0
    if not isinstance(token, str) or TOKEN.fullmatch(token) is None:
        return None, 0.0
    # In this order, what is no number becomes the least.
    return token, min(max(MIN_GOOD_SECONDS, seconds - EARLY_SECONDS), MAX_GOOD_SECONDS)
