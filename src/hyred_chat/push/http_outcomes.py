"""What an HTTP answer of any provider means, and how long it asks to be left alone."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from hyred_chat.push.channels import Postponed

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
# A provider that asks for more is asked again all the same.
MAX_RETRY_AFTER_SECONDS = 3600.0


def should_retry(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status == TOO_MANY_REQUESTS or status >= SERVER_ERROR


def postponed(response: httpx.Response) -> Postponed:
    """Of an answer that `should_retry`."""
    return Postponed(f"http_{response.status_code}", _retry_after_seconds(response.headers.get("Retry-After")))


def postponed_by(error: httpx.HTTPError) -> Postponed:
    """Of a request that got no answer."""
    return Postponed("timeout" if isinstance(error, httpx.TimeoutException) else "unreachable")


def _retry_after_seconds(header: str | None) -> float | None:
    """Seconds, or a date (RFC 9110, 10.2.3)."""
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
