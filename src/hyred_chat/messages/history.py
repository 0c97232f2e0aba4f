"""Messages read again: pages of history, what a joining socket gets, and all that a client missed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.accounts.service import Accounts
from hyred_chat.db.pool import Database
from hyred_chat.errors import BadRequestError, NotFoundError
from hyred_chat.messages import repository
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.moments import from_wire
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.state import RoomState, positions

JOIN_MESSAGES = 50
RESUME_MESSAGES = 500
MAX_SEQ_DIGITS = 16


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages as JSON, oldest first; `next_cursor` is the seq to go on from, or None at the end."""

    messages: list[orjson.Fragment]
    next_cursor: str | None


class History:
    """What was said, as a member may read it."""

    def __init__(self, database: Database, accounts: Accounts, rooms: Rooms) -> None:
        self._database = database
        self._accounts = accounts
        self._rooms = rooms

    async def page_before(self, room_id: str, user_id: str, *, before: str | None, limit: int) -> MessagePage:
        """The newest messages before a seq or a createdAt, or of all.

        At most two statements, at any depth; one more when somebody wrote there who has left and is not remembered.

        Raises:
            AccessDeniedError: the caller is not a member.
            BadRequestError: `before` is neither a seq nor a time.
        """
        state = await self._rooms.get_for_member(room_id, user_id)
        bound = state.last_seq + 1 if before is None else _parse_before(before)
        async with self._database.connection() as connection:
            if isinstance(bound, datetime):
                records = await repository.list_before_moment(
                    connection, room_id, bound, until=state.last_seq, limit=limit
                )
            else:
                until = min(bound - 1, state.last_seq)
                records = await repository.list_range(connection, room_id, after=max(0, until - limit), until=until)
        more = bool(records) and records[0].seq > 1
        return MessagePage(await self.encode(state, records, user_id), str(records[0].seq) if more else None)

    async def page_after(self, room_id: str, user_id: str, *, after: int, limit: int) -> MessagePage:
        """The oldest messages after a seq. At most two statements. Raises `AccessDeniedError`."""
        state = await self._rooms.get_for_member(room_id, user_id)
        async with self._database.connection() as connection:
            records = await repository.list_range(
                connection, room_id, after=after, until=min(after + limit, state.last_seq)
            )
        more = bool(records) and records[-1].seq < state.last_seq
        return MessagePage(await self.encode(state, records, user_id), str(records[-1].seq) if more else None)

    async def up_to_now(
        self, state: RoomState, user_id: str, after_seq: int | None
    ) -> tuple[list[orjson.Fragment], bool]:
        """What a joining socket gets: (messages, reload). All of it was delivered here when this returns, and no more.

        The latest 50; with `after_seq`, all after it, unless that is more than 500: then the latest 50, and `reload`.
        """
        reload = after_seq is not None and not 0 <= state.last_seq - after_seq <= RESUME_MESSAGES
        after = max(0, state.last_seq - JOIN_MESSAGES) if after_seq is None or reload else after_seq
        records: list[MessageRecord] = []
        # What is delivered while we read is read in the next turn; the last turn ends on the present without waiting.
        while after < state.last_seq:
            until = state.last_seq
            async with self._database.connection() as connection:
                records += await repository.list_range(connection, state.id, after=after, until=until)
            await self.learn_people(state, records)
            after = until
        return self._encode(state, records, user_id), reload

    async def sync(self, user_id: str, known: dict[str, int]) -> dict[str, Any]:
        """All that a client missed, from the database itself: at most two statements and 500 messages an answer."""
        async with self._database.connection() as connection:
            mine = await self._rooms.read_for_member(connection, list(known), user_id)
            ranges, left = [], RESUME_MESSAGES
            for room_id, state in mine.items():
                count = min(left, max(0, state.last_seq - known[room_id]))
                if count:
                    ranges.append((room_id, known[room_id], known[room_id] + count))
                    left -= count
            records = await repository.list_ranges(connection, ranges) if ranges else []
        by_room: dict[str, list[MessageRecord]] = defaultdict(list)
        for record in records:
            by_room[record.room_id].append(record)
        rooms = [
            {
                "roomId": room_id,
                "messages": await self.encode(state, by_room[room_id], user_id),
                "lastSeq": state.last_seq,
                "cursors": positions(state.members.values()),
                "reload": known[room_id] > state.last_seq,
            }
            for room_id, state in mine.items()
        ]
        missed = sum(max(0, state.last_seq - known[room_id]) for room_id, state in mine.items())
        return {"rooms": rooms, "more": missed > len(records)}

    async def get_for_member(self, message_id: str, user_id: str) -> tuple[MessageRecord, RoomState]:
        """A message and its room; raises `NotFoundError` when there is none that the caller may see."""
        async with self._database.connection() as connection:
            record = await repository.find_for_member(connection, message_id, user_id)
        if record is None:
            raise NotFoundError("There is no such message.")
        return record, await self._rooms.get_for_member(record.room_id, user_id)

    async def encode(self, state: RoomState, records: Sequence[MessageRecord], user_id: str) -> list[orjson.Fragment]:
        """Messages as `user_id` sees them; those of people who left cost one more look-up."""
        await self.learn_people(state, records)
        return self._encode(state, records, user_id)

    def _encode(self, state: RoomState, records: Sequence[MessageRecord], user_id: str) -> list[orjson.Fragment]:
        return [
            encode_message(
                record,
                state.person_of(record.sender_id),
                state.status_for_others(record.seq, record.sender_id),
            ).for_user(user_id, record.sender_id)
            for record in records
        ]

    async def learn_people(self, state: RoomState, records: Sequence[MessageRecord]) -> None:
        """Have everybody who wrote these in `state`, members or not; one look-up at most."""
        strangers = {record.sender_id for record in records} - state.members.keys() - state.former_members.keys()
        if strangers:
            for user in (await self._accounts.get_users(strangers)).values():
                state.former_members[user.id] = user.as_json()


def _parse_before(before: str) -> int | datetime:
    if before.isascii() and before.isdigit() and len(before) <= MAX_SEQ_DIGITS:
        return int(before)
    try:
        return from_wire(before)
    except ValueError:
        raise BadRequestError("before: must be a seq, or a time such as 2026-03-01T09:30:00.123Z.") from None
