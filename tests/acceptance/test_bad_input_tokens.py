"""Every route with every token that is none: refused before anything else is looked at."""

import pytest

from tests.acceptance.bad_input import check_answer, snapshot
from tests.acceptance.people import Answer, Chat

ROUTES = [
    ("GET", "/api/chat/rooms"),
    ("POST", "/api/chat/rooms"),
    ("GET", "/api/chat/rooms/{room}"),
    ("GET", "/api/chat/rooms/{room}/messages"),
    ("POST", "/api/chat/rooms/{room}/messages"),
    ("PUT", "/api/chat/messages/{message}/read"),
    ("GET", "/api/chat/unread-count"),
    ("POST", "/api/chat/sync"),
    ("GET", "/api/chat/presence?userIds=a"),
    ("GET", "/api/users/me"),
    ("GET", "/api/users"),
    ("GET", "/api/users/blocked"),
    ("PUT", "/api/users/a/block"),
    ("POST", "/api/chat/reports"),
]
ADMIN_ROUTES = [
    ("PUT", "/api/admin/users/a"),
    ("POST", "/api/admin/rooms"),
    ("POST", "/api/admin/notifications"),
]
GOOD_BODY = {"content": "Hello", "rooms": {}}


BAD_TOKENS = [
    None,
    b"",
    b"Bearer",
    b"Bearer x",
    b"Bearer a.b.c",
    b"Basic dXNlcjpwYXNz",
    b"Bearer " + b"x" * 9000,
    b"dev-token-admin",
    b"Bearer dev-token-",
    b"Bearer \xff\xfe",
]


async def real_address(chat: Chat, path: str) -> str:
    """Of a real room, or about a real message of it."""
    va, _, room_id = await chat.pair()
    message = await va.post_message(room_id, "Hello")
    return path.format(room=room_id, message=message["id"])


async def request(chat: Chat, method: str, address: str, headers: dict[bytes, bytes]) -> Answer:
    return Answer(await chat.http.request(method, address, headers=headers, json=GOOD_BODY))


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_good_token_every_route_is_unauthenticated(chat: Chat, method: str, path: str) -> None:
    address = await real_address(chat, path)
    before = await snapshot(chat)
    for token in BAD_TOKENS:
        answer = await request(chat, method, address, {} if token is None else {b"Authorization": token})
        check_answer(answer, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await snapshot(chat) == before


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_with_a_token_of_nobody_every_route_is_user_not_found(chat: Chat, method: str, path: str) -> None:
    headers = {b"Authorization": b"Bearer dev-token-nobody"}
    check_answer(await request(chat, method, await real_address(chat, path), headers), "user_not_found")


@pytest.mark.parametrize(("method", "path"), ADMIN_ROUTES)
async def test_no_token_of_a_person_s_opens_a_door_of_the_host(chat: Chat, method: str, path: str) -> None:
    for role in ("va", "company", "admin"):
        person = await chat.person(role=role)
        check_answer(await person.request(method, path, json={}), "unauthenticated")
    for header, key in ((b"X-API-Key", b"x" * 40), (b"X-API-Key", b""), (b"Authorization", b"Bearer x")):
        check_answer(await request(chat, method, path, {header: key}), "unauthenticated")
    check_answer(await request(chat, method, path, {}), "unauthenticated")
