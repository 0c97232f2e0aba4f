"""Exports: a ZIP archive that is made while it is sent, so that its size does not matter.

The standard library writes archives to whatever takes bytes, and an entry in parts. So the memory that an export takes
is a page of messages.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

from hyred_chat.accounts.service import Accounts
from hyred_chat.audit.schemas import Actor, Subject
from hyred_chat.audit.service import Audit
from hyred_chat.db.pool import Database
from hyred_chat.errors import NotFoundError
from hyred_chat.limits import Turns
from hyred_chat.moments import now_on_the_wire
from hyred_chat.personal_data import export_rows
from hyred_chat.personal_data.export_rows import Json

if TYPE_CHECKING:
    from hyred_chat.files.stores import Store

# In a process; others wait for their turn.
EXPORTS_AT_ONCE = 2
PATIENCE_SECONDS = 10.0
ROOMS_AT_ONCE = 20
MESSAGES_AT_ONCE = 500
ROWS_AT_ONCE = 5_000
FILES_AT_ONCE = 100
EARLIEST = (1980, 1, 1, 0, 0, 0)  # of what the format can say: when files were sent is in the messages

ABOUT = """\
What is kept of you in this chat. Each file but those in files/ is JSON, and times are in UTC.

profile.json                    your name, picture and e-mail address
rooms.json                      the conversations that you are in, with the ids and names of their members
rooms/NUMBER.json               all messages of one of them
files/ID/NAME                   what was attached to these messages, and to yours in conversations that you have left;
                                pictures of groups that you have uploaded
messages-elsewhere.json         what you wrote in conversations that you have left
drafts.json                     what you have begun to write and not sent
devices.json                    where you are notified
notification-preferences.json   about what, and when
notices.json                    what you were told by the operator
blocked-people.json             whom you have blocked
reports.json                    what you have reported

What was deleted is not here.
"""


class Exports:
    """All that somebody could see and wrote, on their request.

    Attributes:
        store: where attached files are; None while there are none.
    """

    def __init__(self, database: Database, accounts: Accounts, audit: Audit) -> None:
        self.store: Store | None = None
        self._database = database
        self._accounts = accounts
        self._audit = audit
        self._turns = Turns(at_once=EXPORTS_AT_ONCE, patience_seconds=PATIENCE_SECONDS)

    async def stream(self, actor: Actor, user_id: str) -> AsyncIterator[bytes]:
        """The archive, in parts. What can be refused is, before the first one.

        Raises:
            NotFoundError: there is no such person.
            RateLimitedError: too many are being made, for too long.
        """
        async with self._turns.take("export"):
            async with self._database.connection() as connection:
                files = await export_rows.list_files(connection, user_id)
                if not files["profile.json"]:
                    raise NotFoundError("There is no such user.")
                await self._audit.note(connection, actor, "data_exported", Subject("user", user_id))
            sink = _Sink()
            with ZipFile(sink, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it is written to only
                archive.writestr("about.txt", f"{ABOUT}\nMade at {now_on_the_wire()}.\n")
                for name, rows in files.items():
                    archive.writestr(name, orjson.dumps(rows))
                async for _ in self._write_conversations(archive, user_id):
                    yield sink.take()
                async for _ in self._write_files(archive, user_id):
                    yield sink.take()
            yield sink.take()

    async def _write_conversations(self, archive: ZipFile, user_id: str) -> AsyncIterator[None]:
        """Write rooms and messages, a part at a time. How far a room went when it was listed is how far it goes."""
        rooms: dict[str, int] = {}
        async for _ in _write_list(archive, "rooms.json", self._list_rooms(user_id, rooms)):
            yield
        for number, (room_id, last_seq) in enumerate(rooms.items(), start=1):
            async for _ in _write_list(archive, _file_of(number), self._read_room(room_id, last_seq)):
                yield
        elsewhere = self._read_everywhere(user_id, besides=rooms)
        async for _ in _write_list(archive, "messages-elsewhere.json", elsewhere):
            yield

    async def _write_files(self, archive: ZipFile, user_id: str) -> AsyncIterator[None]:
        """Write what was attached, a part at a time. What is deleted meanwhile is left out, or cut off."""
        after = ""
        while self.store is not None:
            async with self._database.connection() as connection:
                page = await export_rows.list_attached(connection, user_id, after=after, limit=FILES_AT_ONCE)
            if not page:
                return
            for file in page:
                # They are compressed already, most of them.
                entry = ZipInfo(f"files/{file['id']}/{file['name']}", date_time=EARLIEST)
                with archive.open(entry, "w", force_zip64=True) as target, suppress(FileNotFoundError):
                    async for part in self.store.read(file["id"], "content", 0, file["size"]):
                        target.write(part)
                        yield
            after = page[-1]["id"]

    async def _list_rooms(self, user_id: str, rooms: dict[str, int]) -> AsyncIterator[list[Json]]:
        """Pages of rooms. Notes the newest seq of each in `rooms`."""
        after = ""
        while True:
            async with self._database.connection() as connection:
                page = await export_rows.list_rooms(connection, user_id, after=after, limit=ROOMS_AT_ONCE)
            if not page:
                return
            names = await self._names({member_id for room in page for member_id in room["memberIds"]})
            for room in page:
                rooms[room["id"]] = room["lastSeq"]
                room["file"] = _file_of(len(rooms))
                room["members"] = [{"id": each, "name": names.get(each)} for each in room.pop("memberIds")]
            yield page
            after = page[-1]["id"]

    async def _read_room(self, room_id: str, last_seq: int) -> AsyncIterator[list[Json]]:
        after = 0
        while after < last_seq:
            async with self._database.connection() as connection:
                page = await export_rows.list_messages(
                    connection, room_id, after=after, until=last_seq, limit=MESSAGES_AT_ONCE
                )
            if not page:
                return
            names = await self._names({message["senderId"] for message in page})
            for message in page:
                message["senderName"] = names.get(message["senderId"])
            yield page
            after = page[-1]["seq"]

    async def _read_everywhere(self, user_id: str, *, besides: Collection[str]) -> AsyncIterator[list[Json]]:
        """What somebody wrote in other rooms than these. All messages are looked at: no index knows who wrote them."""
        after = ("", 0)
        while True:
            async with self._database.connection() as connection:
                stretch = await export_rows.look_everywhere(connection, user_id, after, rows=ROWS_AT_ONCE)
            if stretch.end is None:
                return
            yield [message for message in stretch.messages if message["roomId"] not in besides]
            after = stretch.end

    async def _names(self, user_ids: Collection[str]) -> dict[str, str]:
        return {user_id: user.name for user_id, user in (await self._accounts.get_users(user_ids)).items()}


class _Sink:
    """What an archive is written to: bytes that wait to be sent. Nobody can seek in it, which the format allows for."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep `data` until it is taken."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing to be done."""

    def take(self) -> bytes:
        """All that was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


async def _write_list(archive: ZipFile, name: str, pages: AsyncIterator[list[Json]]) -> AsyncIterator[None]:
    """Write pages of objects as one JSON array, compressed in a thread; yields after each."""
    separator = b"["
    with archive.open(name, "w", force_zip64=True) as entry:
        async for page in pages:
            if page:
                content = separator + b",\n".join(orjson.dumps(each) for each in page)
                await asyncio.to_thread(entry.write, content)
                separator = b",\n"
            yield
        entry.write(b"]" if separator == b",\n" else b"[]")


def _file_of(number: int) -> str:
    return f"rooms/{number:05}.json"
