"""The host's routes with whatever a broken host sends: refused, nothing stored, nothing internal told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acceptance.bad_input import WRONG_TYPES, check_answer, snapshot
from tests.acceptance.people import Chat

USER = "/api/admin/users/somebody-new"
ROOMS = "/api/admin/rooms"
GOOD_USER = {"email": "somebody.new@mail.example", "role": "va", "name": "Sam"}
USER_FIELDS = {"email": "text", "role": "text", "name": "text", "avatar": "text", "disabled": "boolean"}
ROOM_FIELDS = {"id": "text", "type": "text", "title": "text", "avatar": "text", "memberIds": "list", "status": "text"}
NO_LISTS: list[Any] = ["a", 1, True, {}, [1], [None], [[]], [""], [], ["x" * 129], ["\0"], ["nobody-at-all"]]


@pytest.fixture(autouse=True)
async def untouched(chat: Chat) -> AsyncIterator[None]:
    """Nothing may be stored."""
    await chat.person("Ana")
    before = await snapshot(chat)
    yield
    assert await snapshot(chat) == before


def good_room(chat: Chat) -> dict[str, Any]:
    return {"type": "group", "memberIds": [chat.people[0].id]}


@pytest.mark.parametrize("field", USER_FIELDS)
async def test_a_field_of_a_user_of_the_wrong_type_is_refused(chat: Chat, field: str) -> None:
    for value in WRONG_TYPES[USER_FIELDS[field]]:
        check_answer(await chat.admin("PUT", USER, json=GOOD_USER | {field: value}), "bad_request")


@pytest.mark.parametrize("field", ROOM_FIELDS)
async def test_a_field_of_a_room_of_the_wrong_type_is_refused(chat: Chat, field: str) -> None:
    for value in NO_LISTS if field == "memberIds" else WRONG_TYPES[ROOM_FIELDS[field]]:
        check_answer(await chat.admin("POST", ROOMS, json=good_room(chat) | {field: value}), "bad_request")


@pytest.mark.parametrize(("method", "path"), [("PUT", USER), ("POST", ROOMS)])
async def test_a_body_that_is_no_object_is_refused(chat: Chat, method: str, path: str) -> None:
    bodies: list[Any] = [None, [], "text", 1, True, {}, [{}]]
    for body in bodies:
        check_answer(await chat.admin(method, path, json=body), "bad_request")


@pytest.mark.parametrize(
    "change",
    [{"email": ""}, {"email": "no address"}, {"email": f"{'x' * 251}@a.b"}, {"email": "a\0@mail.example"},
     {"role": "owner"}, {"name": " "}, {"name": "x" * 201}, {"name": "\u2800"}, {"avatar": "javascript:alert(1)"},
     {"avatar": "//evil.example/a.png"}, {"email": None}, {"role": None}],
    ids=lambda value: ascii(value)[:40],
)  # fmt: skip
async def test_a_user_out_of_bounds_is_refused(chat: Chat, change: dict[str, Any]) -> None:
    check_answer(await chat.admin("PUT", USER, json=GOOD_USER | change), "bad_request")


@pytest.mark.parametrize(
    "change",
    [{"id": ""}, {"id": "a/b"}, {"id": "x" * 129}, {"id": "a\0"}, {"type": "private"}, {"status": "open"},
     {"title": "x" * 201}, {"title": "\0"}, {"type": "direct"}, {"memberIds": None}, {"type": None}],
    ids=lambda value: ascii(value)[:40],
)  # fmt: skip
async def test_a_room_out_of_bounds_is_refused(chat: Chat, change: dict[str, Any]) -> None:
    check_answer(await chat.admin("POST", ROOMS, json=good_room(chat) | change), "bad_request")


async def test_an_address_of_somebody_else_is_a_conflict(chat: Chat) -> None:
    answer = await chat.admin("PUT", USER, json=GOOD_USER | {"email": chat.people[0].email.upper()})
    check_answer(answer, "conflict")


@pytest.mark.parametrize("user_id", ["nobody-at-all", "%00", "%ff", "x" * 500, "%20", "%E2%80%AE"])
async def test_a_user_who_does_not_exist_is_not_found(chat: Chat, user_id: str) -> None:
    check_answer(await chat.admin("GET", f"/api/admin/users/{user_id}"), "not_found", "bad_request")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=", "memberId=", "memberId=%00"]
)
async def test_a_query_out_of_bounds_is_refused(chat: Chat, query: str) -> None:
    check_answer(await chat.admin("GET", f"{ROOMS}?{query}"), "bad_request")
