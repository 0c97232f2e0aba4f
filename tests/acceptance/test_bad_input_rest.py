"""Whatever a request holds: the contract's error with its code and status, nothing stored, nothing internal told."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance.bad_input import STRANGE_IDS, UNKNOWN_ID, WRONG_TYPES, check_answer, check_refusal, snapshot
from tests.acceptance.people import Answer, Chat, Person

WITH_BODIES = {
    "/api/chat/rooms": {"participantId": "text", "type": "text"},
    "/api/chat/rooms/{room}/messages": {
        "content": "text",
        "type": "text",
        "clientMessageId": "text",
        "metadata": "object",
    },
    "/api/chat/sync": {"rooms": "object"},
}
WITH_ROOM = [
    ("GET", "/api/chat/rooms/{room}"),
    ("GET", "/api/chat/rooms/{room}/messages"),
    ("POST", "/api/chat/rooms/{room}/messages"),
]
JSON = {"Content-Type": "application/json"}
GOOD_BODY = {"content": "Hello", "rooms": {}}


class World:
    """Somebody in a room with a message of another's."""

    def __init__(self, chat: Chat, person: Person, other: Person, room_id: str, message_id: str) -> None:
        self.chat, self.person, self.other = chat, person, other
        self._ids = {"room": room_id, "message": message_id}
        self._before: list[Any] = []

    def path(self, template: str) -> str:
        return template.format(**self._ids)

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        return await self.person.request(method, self.path(path), **options)

    async def remember(self) -> None:
        """From here on nothing may be stored."""
        self._before = await snapshot(self.chat)

    async def check_untouched(self) -> None:
        assert await snapshot(self.chat) == self._before
        assert (await self.person.post_message(self._ids["room"], "Yes."))["seq"] == 2


@pytest.fixture
async def world(chat: Chat) -> AsyncIterator[World]:
    va, company, room_id = await chat.pair()
    message = await company.post_message(room_id, "Are you free?")
    world = World(chat, va, company, room_id, message["id"])
    await world.remember()
    yield world
    await world.check_untouched()


@pytest.mark.parametrize("path", WITH_BODIES)
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b'"text"', b"1", b"{}", b"[" * 30_000, b'{"content":"\xff"}', b"{'a': 1}",
     b'{"content": "a", "content"}', b'{"a": 1}}', b"\0"],
    ids=lambda body: ascii(body)[2:20],
)  # fmt: skip
async def test_a_body_that_is_not_the_object_it_should_be_is_refused(world: World, path: str, body: bytes) -> None:
    answer = await world.request("POST", path, content=body, headers=JSON)
    check_answer(answer, "bad_request")


@pytest.mark.parametrize(("path", "field"), [(path, field) for path, fields in WITH_BODIES.items() for field in fields])
async def test_a_field_of_the_wrong_type_is_refused(world: World, path: str, field: str) -> None:
    good = {"/api/chat/rooms": {"participantId": world.other.id}}.get(path, GOOD_BODY)
    for value in WRONG_TYPES[WITH_BODIES[path][field]]:
        check_answer(await world.request("POST", path, json={**good, field: value}), "bad_request")


async def test_a_field_has_the_name_of_the_wire_and_no_other(world: World) -> None:
    answer = await world.request("POST", "/api/chat/rooms", json={"participant_id": world.other.id})
    check_answer(answer, "bad_request")
    assert "participantId" in answer.envelope["error"]


@pytest.mark.parametrize("path", ["/api/chat/rooms/", "/api/users/me/", "/api/health/live/"])
async def test_a_trailing_slash_is_another_address(world: World, path: str) -> None:
    check_answer(await world.request("GET", path), "not_found")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
async def test_a_number_that_json_does_not_have_is_refused(world: World, number: str) -> None:
    body = f'{{"content": "Hello", "metadata": {{"number": {number}}}}}'
    answer = await world.request("POST", "/api/chat/rooms/{room}/messages", content=body, headers=JSON)
    check_answer(answer, "bad_request")


@pytest.mark.parametrize(
    "body",
    [{"content": ""}, {"content": " \n "}, {"content": "x" * 1001}, {"content": "\0"}, {"content": "\ud800"},
     {"content": "\u2800"}, {"content": "a", "type": "system"}, {"content": "a", "clientMessageId": ""},
     {"content": "a", "clientMessageId": "x" * 65}, {"content": "a", "clientMessageId": "\ud800"},
     {"content": "a", "metadata": {"a": "x" * 4096}}, {"content": "a", "metadata": {"a": "\0"}}, {"content": None},
     {"type": "text"}],
    ids=lambda body: ascii(body)[:40],
)  # fmt: skip
async def test_a_message_out_of_bounds_is_refused(world: World, body: dict[str, Any]) -> None:
    check_answer(
        await world.request("POST", "/api/chat/rooms/{room}/messages", content=_json(body), headers=JSON), "bad_request"
    )


@pytest.mark.parametrize(("method", "path"), WITH_ROOM)
async def test_a_room_that_does_not_exist_is_refused(world: World, method: str, path: str) -> None:
    for room_id in STRANGE_IDS:
        if room_id in {"", "../.."} or len(room_id) > 1000:
            continue  # these are other addresses
        address = path.format(room=quote(room_id, safe="", errors="surrogatepass"))
        answer = await world.person.request(method, address, json=GOOD_BODY)
        check_answer(answer, "access_denied", "bad_request", "not_found")


@pytest.mark.parametrize(("method", "path"), WITH_ROOM)
async def test_a_room_of_others_looks_like_one_that_does_not_exist(world: World, method: str, path: str) -> None:
    _, _, room_of_others = await world.chat.pair()
    await world.remember()
    theirs = await world.person.request(method, path.format(room=room_of_others), json=GOOD_BODY)
    unknown = await world.person.request(method, path.format(room=UNKNOWN_ID), json=GOOD_BODY)
    check_answer(theirs, "access_denied")
    assert theirs.envelope == unknown.envelope


async def test_a_message_of_others_looks_like_one_that_does_not_exist(world: World) -> None:
    stranger, _, room_of_others = await world.chat.pair()
    message = await stranger.post_message(room_of_others, "Between us")
    await world.remember()
    theirs = await world.person.put(f"/api/chat/messages/{message['id']}/read")
    check_answer(theirs, "not_found")
    for message_id in (UNKNOWN_ID, "%00", "%ed%a0%80", "x" * 1000, "'", quote("🙂")):
        answer = await world.person.put(f"/api/chat/messages/{message_id}/read")
        check_answer(answer, "not_found", "bad_request")
    assert (await world.person.put(f"/api/chat/messages/{UNKNOWN_ID}/read")).envelope == theirs.envelope


def _queries() -> Iterator[tuple[str, str]]:
    for path in ("/api/chat/rooms", "/api/chat/rooms/{room}/messages", "/api/users"):
        for limit in ("0", "-1", "101", "1000000", "", "ten", "1.5", "1e1", "٣", "1;2", "%00", str(10**30)):
            yield path, f"limit={limit}"
    for cursor in ("", "x", ":", "1", "1:", "x:y", "1:%00", ":%00", "-1:a", "9" * 30 + ":a", "9" * 5000):
        yield "/api/chat/rooms", f"cursor={cursor}"
    for before in ("", "x", "-1", "1.5", "yesterday", "2026-13-01", "2026-03-01T25:00:00Z", "%00", "9" * 17, "1" * 100):
        yield "/api/chat/rooms/{room}/messages", f"before={before}"
    for after in ("", "x", "-1", "1.5", "2026-03-01T09:30:00.123Z", "%00", "9" * 17, str(10**30)):
        yield "/api/chat/rooms/{room}/messages", f"after={after}"
    for around in ("", "x", "-1", "1.5", "2026-03-01T09:30:00.123Z", "%00", "9" * 17, str(10**30)):
        yield "/api/chat/rooms/{room}/messages", f"around={around}"
    yield "/api/chat/rooms/{room}/messages", "before=1&after=1"
    yield "/api/chat/rooms/{room}/messages", "around=1&before=1"
    yield "/api/chat/rooms/{room}/messages", "around=1&after=1"
    for cursor in ("", "x", ":", "1:", "1:%00", "9" * 30 + ":a"):
        yield "/api/chat/drafts", f"cursor={cursor}"
    yield "/api/chat/presence", ""
    yield "/api/chat/presence", "userIds=" + ",".join(str(number) for number in range(101))
    yield "/api/chat/presence", "&".join(f"userIds={number}" for number in range(101))
    yield "/api/users", "query=" + "x" * 101


@pytest.mark.parametrize(("path", "query"), list(_queries()), ids=lambda text: ascii(text)[1:40])
async def test_a_query_out_of_bounds_is_refused(world: World, path: str, query: str) -> None:
    check_answer(await world.request("GET", f"{path}?{query}"), "bad_request")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"])
async def test_a_time_at_the_end_of_all_times_is_refused_or_understood(world: World, moment: str) -> None:
    answer = await world.request("GET", f"/api/chat/rooms/{{room}}/messages?before={moment}")
    assert answer.status in {200, 400}


async def test_presence_of_ids_that_nobody_has_is_empty(world: World) -> None:
    for user_ids in ("", ",", "a,b", "%00", "%ed%a0%80", "x" * 500, "'", ",".join("a" * 100)):
        answer = await world.person.request("GET", f"/api/chat/presence?userIds={user_ids}")
        assert answer.envelope.get("data", []) == []
        assert answer.status in {200, 400}


@pytest.mark.parametrize("participant_id", [*STRANGE_IDS, 7], ids=lambda value: ascii(value)[:20])
async def test_a_room_with_nobody_is_refused(world: World, participant_id: Any) -> None:
    answer = await world.request(
        "POST", "/api/chat/rooms", content=_json({"participantId": participant_id}), headers=JSON
    )
    check_answer(answer, "not_found", "bad_request")


@pytest.mark.parametrize("room_type", ["", "group ", "private", "Direct", "x" * 1000])
async def test_a_room_of_a_kind_that_there_is_not_is_refused(world: World, room_type: str) -> None:
    body = {"participantId": world.other.id, "type": room_type}
    check_answer(await world.request("POST", "/api/chat/rooms", json=body), "bad_request")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api"), ("GET", "/api/"), ("GET", "/api/nothing"), ("POST", "/api/chat"),
     ("GET", "/api/chat/rooms/a/b/c"), ("GET", "/api/users/you"), ("GET", "/.env"),
     ("GET", "/api/chat/rooms/../../../etc/passwd"), ("GET", "/api/%00"), ("GET", "/api/%ff"), ("GET", "/socket.io"),
     ("DELETE", "/api/chat/rooms"), ("PATCH", "/api/chat/rooms/{room}/messages"), ("POST", "/api/users/me"),
     ("PUT", "/api/chat/sync"), ("GET", "/api/chat/sync"), ("GET", "/api/chat/messages/{message}/read"),
     ("PUT", "/api/chat/messages/{message}"), ("TRACE", "/api/users/me")],
)  # fmt: skip
async def test_unknown_routes_and_methods_are_not_found(world: World, method: str, path: str) -> None:
    answer = await world.request(method, path)
    check_answer(answer, "not_found")


async def test_a_body_over_the_bound_is_too_large(world: World) -> None:
    async def pour() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 10_000

    path = "/api/chat/rooms/{room}/messages"
    for body in (b" " * 65_537, pour()):
        answer = await world.request("POST", path, content=body, headers=JSON)
        check_refusal(answer.envelope, "too_large")
        assert answer.status == 413


def _json(body: Any) -> bytes:
    """As clients in JavaScript write it: lone surrogates escaped."""
    return json.dumps(body).encode()
