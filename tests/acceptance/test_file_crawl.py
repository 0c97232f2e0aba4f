"""Every address of a file that was ever given, asked for again after each change: it opens for its reader alone.

People do whatever they like in some rooms, one after another. A model says who is where, and what was deleted. After
each step every address opens exactly while its reader may have its file, whoever asks for it; and with anybody else as
its reader it opens never.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import pytest
from yarl import URL

from tests.acceptance.conftest import StartChat
from tests.acceptance.files import files_of, picture, ready_file, send_file
from tests.acceptance.groups import Group, make
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import UNUSED_ADDRESSES
from tests.acceptance.test_erasure import erase
from tests.acceptance.test_reports import ADMIN, report

STEPS = 20
AT_ONCE = 16
# Of the addresses, which are asked for by somebody else after a step.
OTHERS_SHARE = 0.4
NO_LIMITS = {f"HYRED_RATE_LIMIT_{what}_PER_MINUTE": "0" for what in ("MESSAGES", "EVENTS", "REQUESTS", "DOWNLOADS")} | {
    "HYRED_RATE_LIMIT_REPORTS_PER_HOUR": "0"
}
VARIANTS = ("url", "previewUrl", "largePreviewUrl")


@dataclass(frozen=True)
class Issued:
    """An address: for whom, of which file, and what has to be there for it: a message, a picture, or an open report."""

    address: str
    reader: Person
    room_id: str
    message_id: str | None = None
    report_id: str | None = None
    file_id: str | None = None


@dataclass
class Room:
    """A conversation as it should be. `messages` are those with files that are there, by their ids, with who sent them.

    `owner` is who may change it: of a group, whoever made it.
    """

    id: str
    owner: Person
    members: list[Person]
    messages: dict[str, Person] = field(default_factory=dict)
    picture_id: str | None = None
    is_group: bool = True


class Crawl:
    """People in rooms, the model of what they have done, and all addresses that anybody was given."""

    def __init__(self, chat: Chat, chance: Random) -> None:
        self.chat = chat
        self.chance = chance
        self.people: list[Person] = []
        self.rooms: list[Room] = []
        self.disabled: set[str] = set()
        self.open_reports: set[str] = set()
        self.issued: dict[str, Issued] = {}
        self.admin: Person

    async def begin(self) -> None:
        self.people = [await self.chat.person(name) for name in ("Ana", "Ben", "Cem", "Dua")]
        self.admin = await self.chat.person("Sam", role="admin")
        for others in (self.people[1:3], self.people[1:]):
            group = await make(self.people[0], *others)
            self.rooms.append(Room(group.id, self.people[0], [self.people[0], *others]))
        two = self.people[1:3]
        self.rooms.append(Room(await self.chat.room(*two, type="direct"), two[0], two, is_group=False))
        for room in self.rooms:
            await self.send(room)

    # --- what people do. Each says what it did, or None when there was nothing to do.

    async def send(self, room: Room) -> str | None:
        if not (sender := self._somebody_in(room)):
            return None
        content = picture(self.chance.choice([40, 900])) if self.chance.random() < 0.5 else b"text"
        message = await send_file(self.chat, sender, room.id, content)
        room.messages[message["id"]] = sender
        return f"{sender.name} sends"

    async def delete(self, room: Room) -> str | None:
        messages = [(each, sender) for each, sender in room.messages.items() if self._is_here(sender, room)]
        if not messages:
            return None
        message_id, sender = self.chance.choice(messages)
        assert (await sender.request("DELETE", f"/api/chat/messages/{message_id}")).status == 200
        del room.messages[message_id]
        return f"{sender.name} deletes"

    async def report(self, room: Room) -> str | None:
        messages = [(each, self._somebody_in(room, but=sender)) for each, sender in room.messages.items()]
        messages = [each for each in messages if each[1] is not None]
        if not messages:
            return None
        message_id, reporter = self.chance.choice(messages)
        assert reporter is not None
        report_id = await report(reporter, messageId=message_id)
        found = (await self.admin.get(f"{ADMIN}/{report_id}")).data
        if found["state"] == "open":  # and not one that was decided, which is no second report
            self.open_reports.add(report_id)
        for attachment in found["evidence"]["message"]["attachments"]:
            opened = await self.admin.post(f"{ADMIN}/{report_id}/files/{attachment['id']}", None)
            if opened.status == 200:
                self._note(opened.data, self.admin, room.id, report_id=report_id)
        return f"{reporter.name} reports"

    async def decide(self, _room: Room) -> str | None:
        if not self.open_reports:
            return None
        report_id = self.chance.choice(sorted(self.open_reports))
        answer = await self.admin.request("PATCH", f"{ADMIN}/{report_id}", json={"state": "resolved"})
        assert answer.status == 200
        self.open_reports.remove(report_id)
        return "a report is decided"

    async def put_out(self, room: Room) -> str | None:
        others = [each for each in room.members if each is not room.owner]
        if not others or not room.is_group or room.owner.id in self.disabled:
            return None
        person = self.chance.choice(others)
        by_themselves = self.chance.random() < 0.5 and person.id not in self.disabled
        answer = await Group(room.id).remove(person if by_themselves else room.owner, person)
        assert answer.status == 200, answer.text
        room.members.remove(person)
        return f"{person.name} leaves" if by_themselves else f"{person.name} is put out"

    async def let_in(self, room: Room) -> str | None:
        others = [each for each in self.people if each not in room.members and each.id not in self.disabled]
        if not others or not room.is_group or room.owner.id in self.disabled:
            return None
        person = self.chance.choice(others)
        assert (await Group(room.id).put(room.owner, person)).status == 200
        room.members.append(person)
        return f"{person.name} is let in"

    async def disable(self, _room: Room) -> str | None:
        person = self.chance.choice(self.people[1:])  # so that somebody owns the groups
        is_disabled = person.id not in self.disabled
        await self.chat.provision(person, disabled=is_disabled)
        self.disabled ^= {person.id}
        return f"{person.name} is {'disabled' if is_disabled else 'back'}"

    async def block(self, room: Room) -> str | None:
        if room.is_group or not all(self._is_here(each, room) for each in room.members):
            return None
        one, other = self.chance.sample(room.members, 2)
        for is_blocked in (True, False):  # they still read what was said
            assert (await one.put(f"/api/users/{other.id}/block", {"blocked": is_blocked})).status == 200
            if is_blocked:
                await self.check(f"{one.name} has blocked {other.name}")
        return f"{one.name} blocks {other.name} no longer"

    async def change_picture(self, room: Room) -> str | None:
        if not room.is_group or room.owner.id in self.disabled:
            return None
        file_id = None
        if room.picture_id is None or self.chance.random() < 0.5:
            file_id = await ready_file(self.chat, room.owner, room.id, picture(), "group.jpg")
        assert (await Group(room.id).change(room.owner, avatar=file_id)).status == 200
        room.picture_id = file_id
        return "a group has another picture" if file_id else "a group has no picture"

    # --- addresses

    async def collect(self) -> None:
        """Have everybody look at everything that they may see."""
        for room in self.rooms:
            for person in room.members:
                if person.id not in self.disabled:
                    await self._look(room, person)

    async def _look(self, room: Room, person: Person) -> None:
        history = await person.history(room.id, limit=100)
        assert {each["id"] for each in history if each["attachments"]} == room.messages.keys()
        for message in history:
            for attachment in message["attachments"]:
                self._note(attachment, person, room.id, message_id=message["id"])
        assert len(await files_of(person, room.id)) == len(room.messages)
        shown = (await person.room(room.id))["otherParticipant"]["avatar"] if room.is_group else None
        assert (shown is not None) == (room.picture_id is not None)
        if shown is not None:
            self._note({"url": shown}, person, room.id, file_id=room.picture_id)

    def _note(self, attachment: dict[str, Any], reader: Person, room_id: str, **of: str | None) -> None:
        for address in (attachment.get(name) for name in VARIANTS):
            if address:
                self.issued[address] = Issued(address, reader, room_id, **of)

    async def check(self, what: str) -> None:
        """Ask for every address, with a token of somebody else's or none, and for some with somebody else as reader."""
        everybody = [*self.people, self.admin]
        asked: list[tuple[str, str | None, bool]] = []
        for each in self.issued.values():
            may_have = self._may_have(each)
            other = self.chance.choice([person for person in everybody if person is not each.reader])
            asked.append((each.address, self.chance.choice([None, other.token]), may_have))
            if self.chance.random() < OTHERS_SHARE:
                asked.append((_for_reader(each.address, other.id), other.token, False))
        found = await self._ask_all([(address, token) for address, token, _ in asked])
        wrong = [(*each, status) for each, status in zip(asked, found, strict=True) if (status == 200) != each[2]]
        assert set(found) <= {200, 404, 429}, "whoever tries very many that do not open is told to wait"
        assert not wrong, (what, wrong[:3])

    async def _ask_all(self, asked: list[tuple[str, str | None]]) -> list[int]:
        """The statuses of requests with these tokens, many at once, from an address that was refused nothing yet."""
        connector = aiohttp.TCPConnector(limit=AT_ONCE, local_addr=(next(UNUSED_ADDRESSES), 0))
        async with aiohttp.ClientSession(self.chat.server.url, connector=connector) as session:

            async def ask(address: str, token: str | None) -> int:
                headers = {} if token is None else {"Authorization": f"Bearer {token}"}
                async with session.head(URL(address, encoded=True), headers=headers) as response:
                    return response.status

            return await asyncio.gather(*(ask(address, token) for address, token in asked))

    def _may_have(self, issued: Issued) -> bool:
        if issued.report_id is not None:
            return issued.report_id in self.open_reports
        room = next(each for each in self.rooms if each.id == issued.room_id)
        is_there = issued.file_id == room.picture_id if issued.file_id else issued.message_id in room.messages
        return is_there and self._is_here(issued.reader, room)

    def _is_here(self, person: Person, room: Room) -> bool:
        return person in room.members and person.id not in self.disabled

    def _somebody_in(self, room: Room, but: Person | None = None) -> Person | None:
        here = [each for each in room.members if self._is_here(each, room) and each is not but]
        return self.chance.choice(here) if here else None


def _for_reader(address: str, user_id: str) -> str:
    """The same address as if it were another's."""
    parts = urlsplit(address)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query)) | {'user': user_id})}"


@pytest.fixture(scope="module")
async def standing_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server without limits: who crawls would meet them."""
    async with start_chat(**NO_LIMITS) as chat:
        yield chat


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_address_opens_while_its_reader_may_have_its_file_and_for_nobody_else(
    chat: Chat, seed: int
) -> None:
    crawl = Crawl(chat, Random(seed))  # noqa: S311  # no secret
    await crawl.begin()
    actions: list[Callable[[Room], Awaitable[str | None]]] = [
        *(crawl.send, crawl.delete, crawl.report, crawl.decide, crawl.put_out, crawl.let_in, crawl.let_in),
        *(crawl.disable, crawl.block, crawl.change_picture),
    ]
    done: list[str] = []
    while len(done) < STEPS:
        await crawl.collect()
        what = await crawl.chance.choice(actions)(crawl.chance.choice(crawl.rooms))
        if what is not None:
            done.append(what)
            await crawl.check(f"{seed}: {', '.join(done)}")
    owner = crawl.people[0]
    await erase(chat, owner)
    crawl.disabled.add(owner.id)
    for room in crawl.rooms:
        room.messages = {each: sender for each, sender in room.messages.items() if sender is not owner}
        room.picture_id = None if room.owner is owner else room.picture_id
    await crawl.check(f"{seed}: {owner.name} is erased")
    assert {each.reader for each in crawl.issued.values()} >= set(crawl.people), "everybody has read"
