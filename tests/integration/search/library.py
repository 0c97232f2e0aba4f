"""Rooms with messages, written by SQL, and the search in them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.db.pool import Database
from hyred_chat.files.attachments import Attachment
from hyred_chat.messages.history import History
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.service import Rooms
from hyred_chat.search.indexer import Indexer
from hyred_chat.search.pace import Pace
from hyred_chat.search.schemas import SearchRequest
from hyred_chat.search.service import Search

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass(slots=True)
class Said:
    """A message of the library's."""

    room_id: str
    seq: int
    id: str
    sender_id: str
    content: str
    at: datetime
    files: tuple[Attachment, ...] = ()
    is_deleted: bool = False


def make_indexer(database: Database) -> Indexer:
    """An indexer that never rests: its work takes no time."""
    return Indexer(database, Pace(lambda: 0, now=lambda: 0.0))


async def index_to_the_end(indexer: Indexer) -> None:
    """Until no room is behind."""
    await indexer.sweep()
    while indexer.behind:
        await indexer.sweep()


def user_of(user_id: str) -> User:
    return User(id=user_id, name=user_id, avatar=None, role="va")


class Library:
    """Attributes:
    said: all messages, in the order in which they were written.
    """

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self.database = database
        self.said: list[Said] = []
        cache = RoomCache(database, is_pinned=lambda _: False, is_watched=lambda _: False)
        rooms = Rooms(database, accounts, cache)
        self.search_service = Search(database, rooms, History(database, accounts, rooms), page_bytes=262_144)
        self.indexer = make_indexer(database)
        self._seqs: dict[str, int] = {}

    async def execute(self, sql: str, *values: Any) -> None:
        async with self.database.connection() as connection:
            await connection.execute(sql, *values)

    async def fetch(self, sql: str, *values: Any) -> list[Any]:
        async with self.database.connection() as connection:
            return list(await connection.fetch(sql, *values))

    async def add_room(self, *members: str, kind: str = "group") -> str:
        """A new room of people, who are made if they are not there yet."""
        room_id = f"room{next(_numbers):06}"
        self._seqs[room_id] = 0
        for user_id in members:
            email = f"{user_id}@mail.example"
            await self.execute(
                "INSERT INTO users (id, email, role) VALUES ($1, $2, 'va') ON CONFLICT DO NOTHING", user_id, email
            )
        await self.execute("INSERT INTO chat_rooms (id, type) VALUES ($1, $2)", room_id, kind)
        for user_id in members:
            await self.join(room_id, user_id)
        return room_id

    async def join(self, room_id: str, user_id: str) -> None:
        await self.execute("INSERT INTO chat_members (room_id, user_id) VALUES ($1, $2)", room_id, user_id)

    async def leave(self, room_id: str, user_id: str) -> None:
        await self.execute("DELETE FROM chat_members WHERE room_id = $1 AND user_id = $2", room_id, user_id)

    async def say(
        self,
        room_id: str,
        sender_id: str,
        *contents: str,
        kind: str = "text",
        metadata: Any = None,
        files: Sequence[Attachment] = (),
    ) -> list[Said]:
        """Store messages, a second apart from all others."""
        attachments = [each.as_json() for each in files] or None
        fresh = []
        for content in contents:
            self._seqs[room_id] += 1
            number = next(_numbers)
            at = BEGINNING + timedelta(seconds=number)
            fresh.append(
                Said(room_id, self._seqs[room_id], f"{number:032}", sender_id, content, at, files=tuple(files))
            )
        async with self.database.transaction() as connection:
            await connection.executemany(
                "INSERT INTO messages (room_id, seq, id, sender_id, content, type, metadata, attachments,"
                " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                [
                    (each.room_id, each.seq, each.id, sender_id, each.content, kind,
                     *(None if value is None else orjson.dumps(value).decode() for value in (metadata, attachments)),
                     each.at)
                    for each in fresh
                ],
            )  # fmt: skip
            await connection.execute(
                "UPDATE chat_rooms SET last_seq = $2, last_message_at = $3 WHERE id = $1",
                room_id, self._seqs[room_id], fresh[-1].at,
            )  # fmt: skip
        self.said += fresh
        return fresh

    async def edit(self, message: Said, content: str) -> None:
        message.content = content
        await self.execute("UPDATE messages SET content = $2 WHERE id = $1", message.id, content)

    async def delete(self, message: Said) -> None:
        message.is_deleted = True
        await self.execute(
            "UPDATE messages SET content = 'This message was deleted.', type = 'text', metadata = NULL,"
            " attachments = NULL, deleted_at = now() WHERE id = $1",
            message.id,
        )

    async def index(self) -> None:
        """Until everything is indexed."""
        await index_to_the_end(self.indexer)
        while await self.indexer.index_changed():
            pass

    async def search(self, user_id: str, q: str, **options: Any) -> tuple[list[dict[str, Any]], str | None]:
        """A page: the entries, and the cursor."""
        fields: dict[str, Any] = {
            "room_id": None, "sender_id": None, "has": None, "since": None, "until": None, "order": "newest",
            "limit": 20, "cursor": None,
        }  # fmt: skip
        request = SearchRequest(q=q, **{**fields, **options})
        page = await self.search_service.search(user_of(user_id), request)
        return orjson.loads(orjson.dumps(page.found)), page.next_cursor

    async def found(self, user_id: str, q: str, **options: Any) -> list[str]:
        """The contents on the first page."""
        entries, _ = await self.search(user_id, q, **options)
        return [entry["message"]["content"] for entry in entries]

    async def walk(self, user_id: str, q: str, **options: Any) -> list[tuple[str, int]]:
        """The places of all messages that are found, page by page."""
        places: list[tuple[str, int]] = []
        cursor: str | None = None
        while True:
            entries, cursor = await self.search(user_id, q, cursor=cursor, **options)
            places += [(entry["message"]["roomId"], entry["message"]["seq"]) for entry in entries]
            if cursor is None:
                return places

    def newest_first(self, rooms: Sequence[str]) -> list[Said]:
        """What can be found by somebody in these rooms."""
        there = [each for each in self.said if each.room_id in rooms and not each.is_deleted]
        return sorted(there, key=lambda each: each.at, reverse=True)
