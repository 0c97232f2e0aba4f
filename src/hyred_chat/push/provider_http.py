"""HTTP to providers: bounded connections, times and answers; what goes wrong is a `Postponed`.

aiohttp, and not the client that the rest of the server uses: a push costs a thirtieth of the processor time
(docs/decisions/0011-notifications.md), and the messages of the same process are not held up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import orjson

from hyred_chat.push.channels import Postponed

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
# A provider that asks for more is asked again all the same.
MAX_RETRY_AFTER_SECONDS = 3600.0
# Of an answer; those of providers have a few hundred.
MAX_ANSWER_BYTES = 65_536


class NoAnswerError(Exception):
    """A request got no answer.

    Attributes:
        postponed: what that means for a push.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.postponed = Postponed(reason)


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
        return self.status == TOO_MANY_REQUESTS or self.status >= SERVER_ERROR

    def postponed(self) -> Postponed:
        """Of one that `should_retry`."""
        return Postponed(f"http_{self.status}", _seconds_of(self.retry_after))

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
            )
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                content = await response.content.read(MAX_ANSWER_BYTES)
                return HttpAnswer(response.status, response.headers.get("Retry-After"), content)
        except TimeoutError:
            raise NoAnswerError("timeout") from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise NoAnswerError("unreachable") from None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()


def _seconds_of(header: str | None) -> float | None:
    """Of `Retry-After`: seconds, or a date (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdecimal():
        seconds = float(header)
    else:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), MAX_RETRY_AFTER_SECONDS)
