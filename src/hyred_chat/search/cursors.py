"""Where a list of found messages goes on: opaque to clients, and good for the same question only."""

import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from struct import Struct, error

from hyred_chat.errors import BadRequestError
from hyred_chat.search.repository import Place

_FIELDS = Struct(">?qihqi")
_DIGEST_BYTES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_CURSOR_CHARS = 64
_NOWHERE = Place(_EPOCH, 0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on.

    Attributes:
        is_forgiving: whether words may be mistyped.
        before: the place before which to go on.
        score, place: of the last message of the page before, in the order of relevance: what comes first there is
            the newest messages before `before`, and of these the ones after this. A score of -1: all of them.
    """

    is_forgiving: bool
    before: Place
    score: int = -1
    place: Place | None = None


def encode_cursor(cursor: Cursor, question: bytes) -> str:
    """`question` is everything else that was asked."""
    fields = _FIELDS.pack(
        cursor.is_forgiving, *_numbers(cursor.before), cursor.score, *_numbers(cursor.place or _NOWHERE)
    )
    return _encode(fields + _digest(fields, question))


def decode_cursor(text: str, question: bytes) -> Cursor:
    """Raises `BadRequestError` for what `encode_cursor` has not made for this question."""
    with suppress(ValueError, binascii.Error, error, OverflowError):
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        fields = content[:-_DIGEST_BYTES]
        is_forgiving, at, block, score, *place = _FIELDS.unpack(fields)
        # The last character of base64 has bits that say nothing: only one text is right.
        if content[-_DIGEST_BYTES:] == _digest(fields, question) and _encode(content) == text:
            return Cursor(is_forgiving, _place(at, block), score, _place(*place))
    raise BadRequestError("cursor: must be the nextCursor of the page before, of the same search.")


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _numbers(place: Place) -> tuple[int, int]:
    return (place.at - _EPOCH) // timedelta(microseconds=1), place.block


def _place(micros: int, block: int) -> Place:
    return Place(_EPOCH + timedelta(microseconds=micros), block)


def _digest(fields: bytes, question: bytes) -> bytes:
    return blake2b(fields + question, digest_size=_DIGEST_BYTES).digest()
