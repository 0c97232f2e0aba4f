"""HTTP to providers: bounded connections, times and answers; what goes wrong is a `Postponed`.

aiohttp, and not the client that the rest of the server uses: a push costs a thirtieth of the processor time
(docs/decisions/0011-notifications.md), and the messages of the same process are not held up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import orjson

from hyred_chat.push.channels import Postponed

TOO_MANY_REQUESTS = 429
# Besides these, 5xx may succeed later, and so may 3xx: no provider redirects, so something else has answered.
PASSING = frozenset({408, 425, TOO_MANY_REQUESTS})
SERVER_ERROR = 500
# 429 without Retry-After: the minute that Google asks for
# (https://firebase.google.com/docs/cloud-messaging/scale-fcm#errors).
QUOTA_SECONDS = 60.0
# A provider that asks for more is asked again all the same.
MAX_RETRY_AFTER_SECONDS = 3600.0
# Of an answer; those of providers have a few hundred.
MAX_ANSWER_BYTES = 65_536
# Longer than any date or number of seconds.
MAX_RETRY_AFTER_CHARS = 64
MAX_WORD_CHARS = 64


def word_of(value: object) -> str:
    """A provider's name for something, such as an error code, as it may be stored and logged.

    At most 64 lower-case ASCII letters, digits, `_`, `-` and `.`; what else there was is left out. Empty where there
    is no such name.
    """
    return re.sub(r"[^a-z0-9_.-]", "", value.lower())[:MAX_WORD_CHARS] if isinstance(value, str) else ""


class NoAnswerError(Exception):
    """A request got no answer, or none that a push could go on with.

    Attributes:
        postponed: what that means for a push.
    """

    def __init__(self, reason: str, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.postponed = Postponed(reason, after_seconds)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer, whatever its status."""

    status: int
    retry_after: str | None
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004

    @property
    def should_retry(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status in PASSING or self.status >= SERVER_ERROR or self.status // 100 == 3  # noqa: PLR2004

    def postponed(self) -> Postponed:
        """Of one that `should_retry`."""
        seconds = _seconds_of(self.retry_after)
        if seconds is None and self.status == TOO_MANY_REQUESTS:
            seconds = QUOTA_SECONDS
        return Postponed(f"http_{self.status}", seconds)

    def json(self) -> object:
        """The body; None when it is not JSON."""
        try:
            answer: object = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None
        return answer


class ProviderHttp:
    """A client of one provider.

    Args:
        timeout_seconds: of a request as a whole, waiting for a connection included.
        connections: how many are open at once.
    """

    def __init__(self, *, timeout_seconds: float, connections: int) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Send one request. Redirects are not followed. Raises NoAnswerError."""
        if self._session is None:  # not before there is an event loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                # What is compressed could become far more than is read of an answer.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
            )
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                content = await _read(response.content)
                return HttpAnswer(response.status, response.headers.get("Retry-After"), content)
        except TimeoutError:
            raise NoAnswerError("timeout") from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise NoAnswerError("unreachable") from None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()


async def _read(stream: aiohttp.StreamReader) -> bytes:
    """The beginning of an answer's body, however many pieces it comes in, and as much as comes of it.

    The status has come by then, and says whether a push was taken: what is lost of the body does not change that.
    """
    content = b""
    try:
        while len(content) < MAX_ANSWER_BYTES and (piece := await stream.read(MAX_ANSWER_BYTES - len(content))):
            content += piece
    except (TimeoutError, aiohttp.ClientError, OSError):
        pass
    return content


def _seconds_of(header: str | None) -> float | None:
    """Of `Retry-After`: seconds, or a date (RFC 9110, 10.2.3); at most `MAX_RETRY_AFTER_SECONDS`."""
    if header is None or len(header) > MAX_RETRY_AFTER_CHARS:
        return None
    if header.strip().isdecimal():
        seconds = float(header)
    else:
        try:
            moment = parsedate_to_datetime(header)
        except (ValueError, OverflowError, TypeError, IndexError):  # whatever a date can be wrong by
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), MAX_RETRY_AFTER_SECONDS)
