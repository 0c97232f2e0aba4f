"""A download that is under way when its reader may not have the file any more is cut, whatever the file is kept in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest

from hyred_chat.files import serving
from hyred_chat.files.part import FilesPart
from hyred_chat.files.removal import Removal
from hyred_chat.http.door import Door
from tests.acceptance.files import files_of, send_file
from tests.acceptance.people import Chat, Person
from tests.integration.http.served import admission
from tests.integration.realtime.application import RunningApplication, running_application

if TYPE_CHECKING:
    from hyred_chat.files.serving import Serving

# More than the kernel takes of what nobody reads.
CONTENT = bytes(range(256)) * 50_000
# Of what was read from the store when it is found that the reader may not have it.
MAX_SENT_BYTES = 1_000_000


@pytest.fixture
async def running(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> AsyncIterator[RunningApplication]:
    url = f"file:{tmp_path}/files"
    if getattr(request, "param", "folder") == "S3":
        url = f"{request.getfixturevalue('bucket')}/{tmp_path.name}"
    door = Door(admission=admission(), is_transfer=lambda head: "/files/" in head.path.decode())
    async with running_application(database_url, door, files_url=url) as running:
        yield running


class World:
    """A group with a file, its sender, and two who download it."""

    def __init__(self, chat: Chat, people: list[Person], room_id: str, message: dict[str, Any]) -> None:
        self.chat, self.people, self.room_id, self.message_id = chat, people, room_id, message["id"]
        self.file_id: str = message["attachments"][0]["id"]

    async def address_for(self, person: Person) -> str:
        [attachment] = await files_of(person, self.room_id)
        url: str = attachment["url"]
        return url

    async def delete(self) -> None:
        assert (await self.people[0].request("DELETE", f"/api/chat/messages/{self.message_id}")).status == 200

    async def report_and_delete(self) -> None:
        body = {"messageId": self.message_id, "reason": "spam"}
        assert (await self.people[2].post("/api/chat/reports", body)).status == 200
        await self.delete()

    async def put_out(self) -> None:
        await self.chat.save_room([self.people[0], self.people[2]], id=self.room_id, type="group")

    async def disable(self) -> None:
        await self.chat.provision(self.people[1], disabled=True)


@pytest.fixture
async def world(chat: Chat) -> World:
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await chat.room(*people)
    message = await send_file(chat, people[0], room_id, CONTENT)
    return World(chat, people, room_id, message)


WAYS: dict[str, Callable[[World], Awaitable[None]]] = {
    "deleted": World.delete,
    "deleted, and held for moderators": World.report_and_delete,
    "put out": World.put_out,
    "disabled": World.disable,
}


IN_S3 = {"deleted, and held for moderators", "put out"}
CASES = [
    pytest.param(store, end, id=f"{store}, {name}")
    for name, end in WAYS.items()
    for store in (["folder", "S3"] if name in IN_S3 else ["folder"])
]


@pytest.mark.parametrize(("running", "end"), CASES, indirect=["running"])
async def test_it_ends_with_the_right_to_it(
    running: RunningApplication,
    world: World,
    end: Callable[[World], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0)  # with each part, and not every 20 s
    given = cast("Serving", running.part(FilesPart).services()["file_serving"])
    url = await world.address_for(world.people[1])
    async with world.chat.http.stream("GET", url) as response:
        parts = response.aiter_raw(10_000)
        received = len(await anext(parts))
        await end(world)
        given_before = given.sent_bytes
        received += await count_until_cut(parts)
    assert received < len(CONTENT)
    assert given.sent_bytes - given_before < MAX_SENT_BYTES
    assert (await world.chat.http.get(url)).status_code == 404
    assert caplog.records == [], "that is no fault of anybody's"


async def test_that_of_a_moderator_ends_when_the_report_is_decided(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0)
    await world.report_and_delete()
    admin = await world.chat.person("Sam", role="admin")
    [report] = (await admin.get("/api/admin/reports")).data
    path = f"/api/admin/reports/{report['id']}"
    opened = (await admin.post(f"{path}/files/{world.file_id}", None)).data
    async with world.chat.http.stream("GET", opened["url"]) as response:
        parts = response.aiter_raw(10_000)
        received = len(await anext(parts))
        assert (await admin.request("PATCH", path, json={"state": "resolved"})).status == 200
        received += await count_until_cut(parts)
    assert received < len(CONTENT)
    assert caplog.records == []


async def test_those_of_others_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0)
    async with world.chat.http.stream("GET", await world.address_for(world.people[2])) as response:
        parts = response.aiter_raw(10_000)
        received = len(await anext(parts))
        await world.put_out()
        received += sum([len(part) async for part in parts])
    assert received == len(CONTENT)


async def test_it_ends_when_the_bytes_go_before_anybody_has_looked(
    running: RunningApplication, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    part = running.part(FilesPart)
    async with world.chat.http.stream("GET", await world.address_for(world.people[1])) as response:
        parts = response.aiter_raw(10_000)
        await anext(parts)
        await world.delete()
        await Removal(running.database, part._store, held_seconds=1).remove_all()
        await count_until_cut(parts)
    assert caplog.records == [], "that is no fault of anybody's"


async def test_bytes_that_were_lost_are_a_fault(
    running: RunningApplication, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await running.part(FilesPart)._store.delete(world.file_id)
    async with world.chat.http.stream("GET", await world.address_for(world.people[1])) as response:
        await count_until_cut(response.aiter_raw())
    [record] = caplog.records
    assert record.getMessage() == "GET /api/chat/files/{file_id}/{variant} failed"


async def count_until_cut(parts: AsyncIterator[bytes]) -> int:
    """How many bytes come until the connection ends, which it does before all have come."""
    count = 0
    try:
        async for part in parts:
            count += len(part)
    except httpx.TransportError:
        return count
    raise AssertionError("It was not cut.")
