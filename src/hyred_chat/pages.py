"""How much one answer holds: a list ends at so many bytes, whatever number of entries it may have. Where it goes on."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from hyred_chat.errors import BadRequestError

# Of one answer. What is longer goes on with the next page.
PAGE_BYTES = 262_144
# Of these, what stands around the entries: the envelope, the cursor, the name of an event.
ENVELOPE_BYTES = 1024


def take_page(entries: Iterable[bytes], max_bytes: int = PAGE_BYTES) -> list[bytes]:
    """The first entries, as JSON, that fit into an answer of `max_bytes`; one at least, however long it is.

    No entry is asked for after the first one that does not fit.
    """
    page: list[bytes] = []
    left = max_bytes - ENVELOPE_BYTES
    for entry in entries:
        left -= len(entry) + 1  # and its comma
        if left < 0 and page:
            break
        page.append(entry)
    return page


# Where an entry stands in a list in the order of times: its time and id.
Place: TypeAlias = tuple[datetime | None, str]


def encode_cursor(entry: Place) -> str:
    """Where a list in the order of times goes on: after the entry of this time and id, `microseconds:id`.

    The time is None for entries that have none.
    """
    moment, entry_id = entry
    return f"{'' if moment is None else round(moment.timestamp() * 1_000_000)}:{entry_id}"


def decode_cursor(cursor: str | None) -> tuple[Any, str] | None:
    """The reverse of `encode_cursor`; None without a cursor. Raises `BadRequestError`."""
    if cursor is None:
        return None
    micros, colon, entry_id = cursor.partition(":")
    if (
        not colon
        or not entry_id
        or not entry_id.isprintable()
        or not (micros == "" or (micros.isascii() and micros.isdigit()))
    ):
        raise BadRequestError("cursor: is not one that this server gave.")
    try:
        return (datetime.fromtimestamp(int(micros) / 1_000_000, UTC) if micros else None), entry_id
    except (ValueError, OverflowError, OSError):
        raise BadRequestError("cursor: is not one that this server gave.") from None
