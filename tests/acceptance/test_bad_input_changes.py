"""Whatever is asked of messages, groups and people by REST: the contract's error with its code, and nothing changes."""

import json
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance.bad_input import (
    COMBINING,
    STRANGE_IDS,
    UNKNOWN_ID,
    WRONG_TYPES,
    check_answer,
    check_refusal,
    snapshot,
)
from tests.acceptance.groups import make
from tests.acceptance.people import Answer, Chat, Person

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Route:
    """A route, a good body of it, and the kinds of the fields that are not texts."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    optional: Collection[str] = ()


ROUTES = {
    "edit": Route(
        "PATCH",
        "/api/chat/messages/{message}",
        {"content": "Hello", "mentions": ["somebody"], "ifChange": 0},
        {"mentions": "list", "ifChange": "number"},
        {"mentions", "ifChange"},
    ),
    "delete": Route("DELETE", "/api/chat/messages/{message}"),
    "versions": Route("GET", "/api/chat/messages/{message}/versions"),
    "readers": Route("GET", "/api/chat/messages/{message}/readers"),
    "react": Route("PUT", "/api/chat/messages/{message}/reactions/👍"),
    "take back": Route("DELETE", "/api/chat/messages/{message}/reactions/👍"),
    "pin": Route("PUT", "/api/chat/rooms/{room}/pins/{message}"),
    "unpin": Route("DELETE", "/api/chat/rooms/{room}/pins/{message}"),
    "answer": Route(
        "POST",
        "/api/chat/rooms/{room}/messages",
        {"content": "Hello", "replyTo": "{message}", "mentions": ["somebody"]},
        {"mentions": "list"},
        {"replyTo", "mentions"},
    ),
    "make a group": Route(
        "POST",
        "/api/chat/rooms",
        {"type": "group", "title": "Launch", "memberIds": ["{other}"], "clientRoomId": "c", "avatar": "https://a.b/c"},
        {"memberIds": "list"},
        {"clientRoomId", "avatar"},
    ),
    "change a group": Route(
        "PATCH",
        "/api/chat/rooms/{group}",
        {"title": "Launch", "avatar": "https://a.example/b.png"},
        optional={"title", "avatar"},
    ),
    "put a member": Route("PUT", "/api/chat/rooms/{group}/members/{other}", {"role": "admin"}, optional={"role"}),
    "remove a member": Route("DELETE", "/api/chat/rooms/{group}/members/{other}"),
    "archive": Route("PUT", "/api/chat/rooms/{room}/archive", {"archived": True}, {"archived": "boolean"}),
    "mark as unread": Route("PUT", "/api/chat/rooms/{room}/unread", {"unread": True}, {"unread": "boolean"}),
    "block": Route("PUT", "/api/users/{other}/block", {"blocked": True}, {"blocked": "boolean"}),
    "announce": Route(
        "POST",
        "/api/chat/rooms/{room}/files",
        {"name": "a.txt", "size": 10, "contentType": "text/plain", "voice": False},
        {"size": "number", "voice": "boolean"},
        {"contentType", "voice"},
    ),
    "draft": Route(
        "PUT",
        "/api/chat/rooms/{room}/draft",
        {"content": "Hello", "replyTo": "{message}", "ageMs": 0},
        {"ageMs": "number"},
        {"replyTo", "ageMs"},
    ),
    "report": Route(
        "POST",
        "/api/chat/reports",
        {"messageId": "{message}", "reason": "spam", "note": "Look"},
        optional={"messageId", "note"},
    ),
}
WITH_BODY = {name: route for name, route in ROUTES.items() if route.body is not None}
WITH_MESSAGE = [name for name, route in ROUTES.items() if "{message}" in route.path]
WITH_ROOM = [name for name, route in ROUTES.items() if "{room}" in route.path or "{group}" in route.path]
FIELDS = [(name, field) for name, route in WITH_BODY.items() for field in route.body or ()]
TEXTS = [(name, field) for name, field in FIELDS if field not in ROUTES[name].kinds]
# Of these, a text of nothing says that there is nothing, or that is left out which cannot be shown.
MAY_BE_EMPTY = {("report", "note"): [""], ("draft", "content"): [""], ("announce", "name"): ["\0"]}
MAY_BE_EMPTY[("announce", "contentType")] = ["", "\0"]  # nobody believes it


class World:
    """Somebody in a room with messages of their own and of another's, and the owner of a group."""

    def __init__(self, chat: Chat, person: Person, other: Person, ids: dict[str, str]) -> None:
        self.chat, self.person, self.other, self.ids = chat, person, other, ids
        self._before: list[Any] = []

    async def ask(self, name: str, body: Any = ..., **ids: str) -> Answer:
        """A good request, with another body or other ids."""
        route = ROUTES[name]
        known = {**self.ids, **{key: quote(value, safe="", errors="surrogatepass") for key, value in ids.items()}}
        if body is ...:
            body = self.body(name)
        content = None if route.body is None else _json(body)
        return await self.person.request(route.method, route.path.format(**known), content=content, headers=JSON)

    def body(self, name: str, /, **changes: Any) -> Any:
        """A good body, changed."""
        good = ROUTES[name].body
        if good is None:
            return None
        return {
            key: value.format(**self.ids) if isinstance(value, str) else [each.format(**self.ids) for each in value]
            if isinstance(value, list) else value
            for key, value in good.items()
        } | changes  # fmt: skip

    async def remember(self) -> None:
        """From here on nothing may be stored."""
        self._before = await snapshot(self.chat)

    async def check_untouched(self) -> None:
        assert await snapshot(self.chat) == self._before


@pytest.fixture
async def world(chat: Chat) -> AsyncIterator[World]:
    person, other, room_id = await chat.pair()
    message = await person.post_message(room_id, "Are you free?")
    group = await make(person, other)
    world = World(
        chat, person, other, {"room": room_id, "message": message["id"], "group": group.id, "other": other.id}
    )
    await world.remember()
    yield world
    await world.check_untouched()


@pytest.mark.parametrize("name", WITH_BODY)
async def test_a_body_that_is_not_the_object_it_should_be_is_refused(world: World, name: str) -> None:
    bodies: list[Any] = [[], "text", 1, True]
    contents = [b"{", b"\xff\xfe", b"[" * 30_000, b"{'a': 1}", b"\0"]
    if name != "put a member":  # who gives no role needs no body
        bodies.append(None)
        contents.append(b"")
    for body in bodies:
        check_answer(await world.ask(name, body), "bad_request")
    route = ROUTES[name]
    for content in contents:
        path = route.path.format(**world.ids)
        answer = await world.person.request(route.method, path, content=content, headers=JSON)
        check_answer(answer, "bad_request")


@pytest.mark.parametrize(("name", "field"), FIELDS)
async def test_a_field_of_the_wrong_type_is_refused(world: World, name: str, field: str) -> None:
    for value in WRONG_TYPES[ROUTES[name].kinds.get(field, "text")]:
        if field == "memberIds" and value == ["somebody"] * 101:
            continue  # a group may have so many, and this is one, whom nobody knows
        check_answer(await world.ask(name, world.body(name, **{field: value})), "bad_request")


@pytest.mark.parametrize(("name", "field"), [each for each in FIELDS if each[1] not in ROUTES[each[0]].optional])
async def test_a_field_that_is_missing_or_null_is_refused(world: World, name: str, field: str) -> None:
    check_answer(await world.ask(name, world.body(name, **{field: None})), "bad_request")
    body: dict[str, Any] = world.body(name)
    del body[field]
    check_answer(await world.ask(name, body), "bad_request")


@pytest.mark.parametrize(("name", "field"), TEXTS)
async def test_a_hundred_thousand_combining_characters_are_refused(world: World, name: str, field: str) -> None:
    for text in COMBINING:
        answer = await world.ask(name, world.body(name, **{field: text}))
        check_refusal(answer.envelope, "bad_request", "not_found", "too_large")
        assert answer.status in {400, 404, 413}


@pytest.mark.parametrize(("name", "field"), TEXTS)
async def test_half_a_character_and_none_are_refused(world: World, name: str, field: str) -> None:
    for text in ("\0", "\ud800", ""):
        if text not in MAY_BE_EMPTY.get((name, field), ()):
            check_answer(await world.ask(name, world.body(name, **{field: text})), "bad_request", "not_found")


@pytest.mark.parametrize("name", WITH_MESSAGE)
async def test_a_message_that_does_not_exist_is_not_found(world: World, name: str) -> None:
    for strange in STRANGE_IDS:
        if strange not in {"", "../.."} and len(strange) < 1000:  # these are other addresses
            check_answer(await world.ask(name, message=strange), "not_found", "bad_request")


@pytest.mark.parametrize("name", WITH_MESSAGE)
async def test_a_message_of_others_looks_like_one_that_does_not_exist(world: World, name: str) -> None:
    stranger, _, room_of_others = await world.chat.pair()
    message = await stranger.post_message(room_of_others, "Between us")
    await world.remember()
    theirs = await world.ask(name, message=message["id"])
    check_answer(theirs, "not_found")
    assert theirs.envelope == (await world.ask(name, message=UNKNOWN_ID)).envelope


@pytest.mark.parametrize("name", WITH_ROOM)
async def test_a_room_of_others_looks_like_one_that_does_not_exist(world: World, name: str) -> None:
    _, _, room_of_others = await world.chat.pair()
    await world.remember()
    theirs = await world.ask(name, room=room_of_others, group=room_of_others)
    check_answer(theirs, "access_denied", "not_found")
    assert theirs.envelope == (await world.ask(name, room=UNKNOWN_ID, group=UNKNOWN_ID)).envelope
    for strange in STRANGE_IDS:
        if strange not in {"", "../.."} and len(strange) < 1000:
            answer = await world.ask(name, room=strange, group=strange)
            check_answer(answer, "access_denied", "not_found", "bad_request")


@pytest.mark.parametrize("name", ["put a member", "remove a member", "block"])
async def test_a_person_who_does_not_exist_is_refused_or_left_alone(world: World, name: str) -> None:
    for strange in STRANGE_IDS:
        if strange not in {"", "../.."} and len(strange) < 1000:
            answer = await world.ask(name, other=strange)
            if name != "remove a member" or answer.status != 200:  # whoever is not in the group is put out already
                check_answer(answer, "not_found", "bad_request")


@pytest.mark.parametrize("name", ["edit", "react", "pin", "answer"])
async def test_what_was_deleted_is_changed_and_answered_no_more(world: World, name: str) -> None:
    assert (await world.ask("delete")).status == 200
    await world.remember()
    check_answer(await world.ask(name), "message_deleted")


@pytest.mark.parametrize("name", ["edit", "delete"])
async def test_what_is_too_late_is_refused(world: World, name: str) -> None:
    await world.chat.database.execute(
        "UPDATE messages SET created_at = created_at - interval '2 days' WHERE id = $1", world.ids["message"]
    )
    check_answer(await world.ask(name), "too_late")


@pytest.mark.parametrize("name", ["edit", "delete"])
async def test_what_another_has_said_is_theirs(world: World, name: str) -> None:
    message = await world.other.post_message(world.ids["room"], "Mine")
    await world.remember()
    check_answer(await world.ask(name, message=message["id"]), "access_denied")


@pytest.mark.parametrize("emoji", ["a", "👍👍", "👍a", "%00", "%ED%A0%80", "a%CC%81", "x" * 1000])
async def test_what_is_not_one_emoji_is_refused(world: World, emoji: str) -> None:
    path = f"/api/chat/messages/{world.ids['message']}/reactions/{emoji}"
    for method in ("PUT", "DELETE"):
        check_answer(await world.person.request(method, path), "bad_request")


def _json(body: Any) -> bytes:
    """As clients in JavaScript write it: lone surrogates escaped."""
    return json.dumps(body).encode()
