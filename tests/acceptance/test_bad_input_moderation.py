"""Whatever moderators ask: the contract's error with its code, nothing is decided, and nothing internal is told."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance.bad_input import COMBINING, STRANGE_IDS, UNKNOWN_ID, WRONG_TYPES, check_answer, snapshot
from tests.acceptance.files import send_file
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.test_reports import report

JSON = {"Content-Type": "application/json"}
# Routes, each with a good body. Ids of people may hold slashes: there, the end of the path is another route's.
ROUTES: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "read a report": ("GET", "/api/admin/reports/{report}", None),
    "decide": ("PATCH", "/api/admin/reports/{report}", {"state": "resolved", "note": "Warned."}),
    "open a file": ("POST", "/api/admin/reports/{report}/files/{file}", None),
    "read a message": ("GET", "/api/admin/messages/{message}", None),
    "see a person": ("GET", "/api/admin/users/{user}", None),
    "keep out": ("PATCH", "/api/admin/users/{user}", {"disabled": True}),
    "export": ("GET", "/api/admin/users/{user}/data", None),
    "erase": ("DELETE", "/api/admin/users/{user}/data", None),
    "see a room": ("GET", "/api/admin/rooms/{room}", None),
    "see a notice": ("GET", "/api/admin/notifications/{notice}", None),
    "take a notice back": ("DELETE", "/api/admin/notifications/{notice}", None),
}
WITH_BODY = ["decide", "keep out"]
LISTS = {
    "/api/admin/reports": ["state=closed", "state=", "state=%00"],
    "/api/admin/audit": [],
    "/api/admin/users": ["query=" + "x" * 101, "query=" + "a%CC%81" * 2000, "disabled=perhaps", "disabled="],
    "/api/admin/rooms": ["memberId=", "memberId=%00", "memberId=" + "x" * 129],
    "/api/admin/notifications": [],
}
EVERY_LIST = [
    *(f"limit={limit}" for limit in ("0", "-1", "101", "", "ten", "1.5", "%00", "9" * 30)),
    *(f"cursor={cursor}" for cursor in ("", "x" * 300, "%00", "1:%00", "9" * 30 + ":a")),
]


class World:
    """An admin, and a reported message with a file."""

    def __init__(self, chat: Chat, admin: Person, ids: dict[str, str]) -> None:
        self.chat, self.admin, self.ids = chat, admin, ids
        self._before: list[Any] = []

    async def remember(self) -> None:
        """From here on nothing may be stored."""
        self._before = await snapshot(self.chat)

    async def check_untouched(self) -> None:
        assert await snapshot(self.chat) == self._before

    async def ask(self, name: str, body: Any = ..., **ids: str) -> Answer:
        """A good request, with another body or other ids."""
        method, path, good = ROUTES[name]
        known = {**self.ids, **{key: quote(value, safe="", errors="surrogatepass") for key, value in ids.items()}}
        content = None if good is None else json.dumps(good if body is ... else body)
        return await self.admin.request(method, path.format(**known), content=content, headers=JSON)


@pytest.fixture
async def world(chat: Chat) -> AsyncIterator[World]:
    va, company, room_id = await chat.pair()
    admin = await chat.person("Sam", role="admin")
    message = await send_file(chat, company, room_id, b"text", "a.txt")
    ids = {
        "report": await report(va, messageId=message["id"]),
        "message": message["id"],
        "file": message["attachments"][0]["id"],
        "user": company.id,
        "room": room_id,
        "notice": UNKNOWN_ID,
    }
    world = World(chat, admin, ids)
    await world.remember()
    yield world
    await world.check_untouched()
    assert (await company.get("/api/users/me")).status == 200


@pytest.mark.parametrize("name", ROUTES)
async def test_what_does_not_exist_is_not_found(world: World, name: str) -> None:
    for kind in world.ids:
        if f"{{{kind}}}" in ROUTES[name][1]:
            for strange in STRANGE_IDS:
                if strange not in {"", "../.."} and len(strange) < 1000:  # these are other addresses
                    check_answer(await world.ask(name, **{kind: strange}), "not_found", "bad_request")


async def test_a_file_that_this_report_does_not_hold_any_more_is_refused(world: World) -> None:
    stranger, other, room_id = await world.chat.pair()
    theirs = await send_file(world.chat, other, room_id, b"text", "b.txt")
    report_id, file_id = await report(stranger, messageId=theirs["id"]), theirs["attachments"][0]["id"]
    await world.chat.admin("PATCH", f"/api/admin/reports/{report_id}", json={"state": "resolved"})
    await world.remember()
    check_answer(await world.ask("open a file", report=report_id), "not_found")
    check_answer(await world.ask("open a file", file=file_id), "not_found")
    check_answer(await world.ask("open a file", report=report_id, file=file_id), "not_found")


@pytest.mark.parametrize("name", WITH_BODY)
async def test_a_body_that_is_not_the_object_it_should_be_is_refused(world: World, name: str) -> None:
    bodies: list[Any] = [None, [], "text", 1, True, {}]
    for body in bodies:
        check_answer(await world.ask(name, body), "bad_request")
    method, path, _ = ROUTES[name]
    for content in (b"", b"{", b"\xff\xfe", b"[" * 30_000, b"{'a': 1}", b"\0"):
        answer = await world.admin.request(method, path.format(**world.ids), content=content, headers=JSON)
        check_answer(answer, "bad_request")


async def test_a_decision_out_of_bounds_is_refused(world: World) -> None:
    states = [*WRONG_TYPES["text"], None, "", "closed", "Open", "open ", "\0", "\ud800", "x" * 1000]
    notes = [*WRONG_TYPES["text"], "x" * 2001, "\ud800", *COMBINING]
    for change in (*({"state": state} for state in states), *({"note": note} for note in notes)):
        answer = await world.ask("decide", {"state": "resolved"} | change)
        check_answer(answer, "bad_request", "too_large")


async def test_keeping_somebody_out_takes_yes_or_no(world: World) -> None:
    for value in (*WRONG_TYPES["boolean"], None):
        check_answer(await world.ask("keep out", {"disabled": value}), "bad_request")


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_out_of_bounds_is_refused(world: World, path: str) -> None:
    for query in (*EVERY_LIST, *LISTS[path]):
        check_answer(await world.admin.get(f"{path}?{query}"), "bad_request")
