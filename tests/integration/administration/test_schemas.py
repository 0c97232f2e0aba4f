"""The bounds of what a host may send."""

from typing import Any

import pytest

from hyred_chat.administration.schemas import RoomBody, UserBody
from hyred_chat.errors import BadRequestError
from hyred_chat.validation import validate
from tests.unit.text.tables import rows_of

PERSON = {"email": "ana@example.com", "role": "va"}
ROOM = {"type": "group", "memberIds": ["ana"]}


@pytest.mark.parametrize(
    "change",
    [
        {"email": None}, {"email": 7}, {"email": "ana"}, {"email": "@example.com"}, {"email": "ana@"},
        {"email": "a b@example.com"}, {"email": "a@b@example.com"}, {"email": "a" * 251 + "@b.c"},
        {"email": "a\0@example.com"}, {"email": "ana@exa\nmple.com"},
        {"role": None}, {"role": "boss"}, {"role": ["va"]}, {"role": "VA"},
        {"name": ""}, {"name": "   "}, {"name": "x" * 201}, {"name": "\u2800"}, {"name": "\0"}, {"name": {"a": 1}},
        {"name": "\ud800"}, {"name": "x" + "\u200b" * 2000},
        {"avatar": ""}, {"avatar": "ana.png"}, {"avatar": "//evil.example/a.png"}, {"avatar": "/\\evil.example"},
        {"avatar": "javascript:alert(1)"}, {"avatar": "data:image/png;base64,AA"}, {"avatar": "https://"},
        {"avatar": "http://[::1"}, {"avatar": "/a b.png"}, {"avatar": "/" + "a" * 2048}, {"avatar": 1},
        {"disabled": "yes"}, {"disabled": 1},
    ],
    ids=ascii,
)  # fmt: skip
def test_a_person_out_of_bounds_is_refused_with_the_fields_name(change: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError) as refused:
        validate(UserBody, {**PERSON, **change})
    assert refused.value.message.startswith(f"{next(iter(change))}: ")


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""}, {"id": "a/b"}, {"id": ".."}, {"id": "x" * 129}, {"id": "a b"}, {"id": "a\n"}, {"id": 7},
        {"id": "ä"},
        {"type": None}, {"type": "channel"}, {"status": "closed"}, {"status": 1},
        {"title": ""}, {"title": "x" * 201}, {"title": "\u200b\u200b"}, {"avatar": "ftp://a/b"},
        {"memberIds": None}, {"memberIds": []}, {"memberIds": "ana"}, {"memberIds": {"ana": 1}},
        {"memberIds": [f"u{number}" for number in range(1001)]},
    ],
    ids=lambda change: ascii(change)[:40],
)  # fmt: skip
def test_a_room_out_of_bounds_is_refused_with_the_fields_name(change: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError) as refused:
        validate(RoomBody, {**ROOM, **change})
    assert refused.value.message.startswith(f"{next(iter(change))}: ")


@pytest.mark.parametrize("member_id", ["", " ana", "ana ", "a\0b", "x" * 129, "\ud800", 7, None, ["ana"]], ids=ascii)
def test_a_member_who_cannot_be_is_refused_with_the_place_in_the_list(member_id: object) -> None:
    with pytest.raises(BadRequestError) as refused:
        validate(RoomBody, {**ROOM, "memberIds": ["ana", member_id]})
    assert refused.value.message.startswith("memberIds.1: ")


def test_names_of_every_script_are_taken_and_trimmed() -> None:
    for name in ("Ana Lopez", "José", "李雷", "\u0646\u06cc\u200c\u0647\u0627", "👩\u200d💻 Dev", "O'Neil", "x" * 200):
        assert validate(UserBody, {**PERSON, "name": f"  {name} "}).name == name


@pytest.mark.parametrize(("text", "line"), rows_of("cleaning", "text", "line"))
def test_names_and_titles_are_cleaned_and_refused_when_they_show_nothing(text: str, line: str | None) -> None:
    if line is None or any("\ud800" <= character <= "\udfff" for character in text):
        with pytest.raises(BadRequestError, match="name: "):
            validate(UserBody, {**PERSON, "name": text})
        with pytest.raises(BadRequestError, match="title: "):
            validate(RoomBody, {**ROOM, "title": text})
    else:
        assert validate(UserBody, {**PERSON, "name": text}).name == line
        assert validate(RoomBody, {**ROOM, "title": text}).title == line


def test_pictures_are_web_addresses_or_paths() -> None:
    for avatar in ("/a.png", "/", "https://pictures.example/ana.png?size=64#x", "http://127.0.0.1:3000/a.png"):
        assert validate(UserBody, {**PERSON, "avatar": avatar}).avatar == avatar
