"""What is accepted as a message, and how its content is stored."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.errors import BadRequestError
from hyred_chat.messages.schemas import SendMessage, Sync
from hyred_chat.text.cleaning import clean
from hyred_chat.validation import validate

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
METADATA = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def draft(**fields: Any) -> SendMessage:
    return validate(SendMessage, {"chatRoomId": "room", "content": "Hello"} | fields)


def is_refused(**fields: Any) -> bool:
    try:
        draft(**fields)
    except BadRequestError:
        return True
    return False


@given(st.text())
def test_content_comes_out_cleaned_or_is_refused(text: str) -> None:
    is_bad = any("\ud800" <= character <= "\udfff" for character in text)
    assert is_refused(content=text) == is_bad
    if not is_bad:  # whether it may be empty depends on what it comes with
        assert draft(content=text).content == clean(text)


@given(st.text(min_size=1, max_size=70))
def test_an_id_is_one_to_sixty_four_characters_without_control_characters(text: str) -> None:
    is_bad = len(text) > 64 or any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text)
    assert is_refused(clientMessageId=text) == is_bad


@given(st.dictionaries(TEXT, METADATA, max_size=4))
def test_metadata_comes_out_as_it_was(metadata: dict[str, Any]) -> None:
    assert draft(metadata=metadata).metadata == metadata


@pytest.mark.parametrize("levels", [31, 33])
def test_metadata_is_at_most_thirty_two_levels_deep(levels: int) -> None:
    metadata = json.loads('{"a":' * levels + "1" + "}" * levels)
    assert is_refused(metadata=metadata) == (levels > 32)


@pytest.mark.parametrize(
    "metadata",
    [{"a": float("nan")}, {"a": [float("inf")]}, {"a": {"b": -float("inf")}}, {"a": "\0"}, {"a\0": 1}, {"a": ["x\0"]},
     {"a": 2**64}, {"a": "\ud800"}, {"\udfff": 1}],
    ids=ascii,
)  # fmt: skip
def test_what_json_or_the_database_cannot_hold_is_no_metadata(metadata: dict[str, Any]) -> None:
    assert is_refused(metadata=metadata)


@pytest.mark.parametrize("message_type", ["text", "image", "file", None])
def test_people_send_texts_images_and_files(message_type: str | None) -> None:
    assert draft(type=message_type).type == message_type


def test_only_the_server_sends_system_messages() -> None:
    assert is_refused(type="system")


@pytest.mark.parametrize("room_id", ["", "x" * 129, "a\0b", "\n", "\ud800", None, 7])
def test_a_room_id_is_one_to_a_hundred_and_twenty_eight_printable_characters(room_id: object) -> None:
    assert is_refused(chatRoomId=room_id)


def test_a_draft_does_not_change_any_more() -> None:
    with pytest.raises(ValueError, match="frozen"):
        draft().content = "Something else"


def test_sync_takes_a_thousand_rooms_and_no_more() -> None:
    rooms = {f"room-{number}": number for number in range(1000)}
    assert validate(Sync, {"rooms": rooms}).rooms == rooms
    with pytest.raises(BadRequestError):
        validate(Sync, {"rooms": rooms | {"one-more": 0}})
