"""The values that a host may give, and their bounds."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from hyred_chat.accounts.schemas import MAX_EMAIL_CHARS
from hyred_chat.text.cleaning import clean_line
from hyred_chat.validation import MAX_ID_CHARS

_MAX_NAME_CHARS = 200
# As it comes in. With a bound, pydantic refuses halves of characters.
_MAX_UNCLEANED_CHARS = 2000
_MAX_ADDRESS_CHARS = 2048


def check_user_id(value: str) -> str:
    """An id of the host's, as it is. Raises ValueError when it is none."""
    if not 0 < len(value) <= MAX_ID_CHARS or not value.isprintable() or value != value.strip():
        raise ValueError(f"must be 1 to {MAX_ID_CHARS} printable characters, without white space at its ends")
    return value


def check_room_id(value: str) -> str:
    """An id that fits into an address as it is: `/chat/{roomId}`. Raises ValueError when it does not."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}", value) is None:
        raise ValueError(f"must be 1 to {MAX_ID_CHARS} letters, digits and . _ : ~ -, the first a letter or digit")
    return value


def _check_email(value: str) -> str:
    if len(value) > MAX_EMAIL_CHARS or not value.isprintable() or not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ValueError(f"must be an e-mail address of at most {MAX_EMAIL_CHARS} characters")
    return value


def _clean_name(value: str) -> str:
    name = clean_line(value)
    if not 0 < len(name) <= _MAX_NAME_CHARS:
        raise ValueError(f"must be 1 to {_MAX_NAME_CHARS} characters, and show something")
    return name


def check_picture(value: str) -> str:
    """An address of a picture, or a path to one. Raises ValueError when it is neither."""
    is_plain = len(value) <= _MAX_ADDRESS_CHARS and value.isprintable() and not re.search(r"[\s\\]", value)
    is_path = value.startswith("/") and not value.startswith("//")
    if not is_plain or not (is_path or _is_web_address(value)):
        raise ValueError(f"must be an http(s) address or a path from / on, of at most {_MAX_ADDRESS_CHARS} characters")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _check_weekdays(days: list[int]) -> list[int]:
    if not days or not {1, 2, 3, 4, 5, 6, 7}.issuperset(days) or len(set(days)) < len(days):
        raise ValueError("must be days from 1 (Monday) to 7 (Sunday), each of them once")
    return sorted(days)


UserId = Annotated[str, AfterValidator(check_user_id)]
RoomId = Annotated[str, AfterValidator(check_room_id)]
Email = Annotated[str, AfterValidator(_check_email)]
Name = Annotated[str, Field(max_length=_MAX_UNCLEANED_CHARS), AfterValidator(_clean_name)]
Picture = Annotated[str, AfterValidator(check_picture)]
Weekdays = Annotated[list[int], AfterValidator(_check_weekdays)]
MemberIds = Annotated[list[UserId], Field(min_length=1, max_length=1000)]
