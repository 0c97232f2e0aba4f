"""Messages read again: pages of history, what a joining socket gets, and all that a client missed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.accounts.service import Accounts
from hyred_chat.db.pool import Database
from hyred_chat.errors import BadRequestError, NotFoundError
from hyred_chat.messages import repository
from hyred_chat.messages.change_delivery import payload_of_change
from hyred_chat.messages.change_repository import Stretch, learn_reactors, list_changed
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.messages.schemas import Known
from hyred_chat.moments import from_wire
from hyred_chat.pages import PAGE_BYTES, take_page
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.state import RoomState, positions
from hyred_chat.rooms.system_events import people_of

JOIN_MESSAGES = 50
RESUME_MESSAGES = 500
# Of messages that a client has.
RESUME_CHANGES = 500
# Those that it does not have may have changed, too.
MAX_CHANGES_READ = RESUME_CHANGES + RESUME_MESSAGES + 1
MAX_SEQ_DIGITS = 16
# A room in the answer to `sync` by itself: an id of at most 128 characters, and what is there when nothing was missed.
SYNCED_ROOM_BYTES = 256


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What a joining socket gets.

    Attributes:
        messages: as JSON, oldest first.
        changed: payloads of `message_changed`, in their order.
        reload: whether that is not all that it missed.
    """

    messages: list[orjson.Fragment]
    changed: list[dict[str, object]]
    reload: bool


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages as JSON, oldest first; `next_cursor` is the seq to go on from, or None at the end."""

    messages: list[orjson.Fragment]
    next_cursor: str | None


class History:
    """What was said, as a member may read it.

    Args:
        page_bytes: the bound of every answer, beside the number of messages. One message comes in any case.
    """

    def __init__(self, database: Database, accounts: Accounts, rooms: Rooms, *, page_bytes: int = PAGE_BYTES) -> None:
        self._database = database
        self._accounts = accounts
        self._rooms = rooms
        self._page_bytes = page_bytes

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
                    connection, room_id, bound, until=state.last_seq, limit=limit, max_bytes=self._page_bytes
                )
            else:
                until = min(bound - 1, state.last_seq)
                records = await repository.list_newest(
                    connection, room_id, after=max(0, until - limit), until=until, max_bytes=self._page_bytes
                )
            await learn_reactors(connection, records, [user_id])
        await self.learn_people(state, records)
        messages = self._newest_that_fit(state, records, user_id)
        first_seq = records[-1].seq - len(messages) + 1 if records else 1
        return MessagePage(messages, str(first_seq) if first_seq > 1 else None)

    async def page_after(self, room_id: str, user_id: str, *, after: int, limit: int) -> MessagePage:
        """The oldest messages after a seq. At most two statements. Raises `AccessDeniedError`."""
        state = await self._rooms.get_for_member(room_id, user_id)
        wanted = (room_id, after, min(after + limit, state.last_seq))
        async with self._database.connection() as connection:
            records = await repository.list_ranges(connection, [wanted], max_bytes=self._page_bytes)
            await learn_reactors(connection, records, [user_id])
        await self.learn_people(state, records)
        messages = _fragments(take_page(self._encode(state, records, user_id), self._page_bytes))
        last_seq = records[0].seq + len(messages) - 1 if records else state.last_seq
        return MessagePage(messages, str(last_seq) if last_seq < state.last_seq else None)

    async def page_around(self, room_id: str, user_id: str, *, around: int, limit: int) -> MessagePage:
        """Messages before and after a seq, half of them each; past the end is the end. Its cursor leads to older ones.

        At most four statements. Raises `AccessDeniedError`.
        """
        state = await self._rooms.get_for_member(room_id, user_id)
        middle = max(1, min(around, state.last_seq))
        first = max(1, min(middle - limit // 2, state.last_seq - limit + 1))
        last = min(first + limit - 1, state.last_seq)
        async with self._database.connection() as connection:
            half = self._page_bytes // 2
            before = await repository.list_newest(connection, room_id, after=first - 1, until=middle, max_bytes=half)
            after = await repository.list_ranges(connection, [(room_id, middle, last)], max_bytes=half)
            await learn_reactors(connection, before + after, [user_id])
        await self.learn_people(state, before + after)
        newest_first = take_page(self._encode(state, reversed(before), user_id), half)
        oldest_first = take_page(self._encode(state, after, user_id), half)
        first_seq = before[-1].seq - len(newest_first) + 1 if before else 1
        messages = _fragments([*reversed(newest_first), *oldest_first])
        return MessagePage(messages, str(first_seq) if first_seq > 1 else None)

    async def up_to_now(
        self, state: RoomState, user_id: str, after_seq: int | None, after_change: int | None = None
    ) -> CatchUp:
        """What a joining socket gets. The newest of it was delivered here when this returns.

        The latest 50, or as many as fit. With `after_seq`, all after it, unless that is more than 500 or does not fit:
        then the latest, and `reload`. With `after_change`, too, what has become of the messages up to it.
        """
        is_known = after_seq is not None and 0 <= state.last_seq - after_seq <= RESUME_MESSAGES
        if after_change is not None and not (is_known and after_change <= state.last_change):
            return replace(await self.up_to_now(state, user_id, None), reload=True)
        start = after_seq if after_seq is not None and is_known else max(0, state.last_seq - JOIN_MESSAGES)
        read_change = state.last_change if after_change is None else after_change
        records: dict[int, MessageRecord] = {}
        changed: dict[int, MessageRecord] = {}
        read_until = start
        # What is delivered while we read is read in the next turn; the last turn ends on the present without waiting.
        while read_until < state.last_seq or read_change < state.last_change:
            until, until_change = state.last_seq, state.last_change
            async with self._database.connection() as connection:
                newest = await repository.list_newest(
                    connection, state.id, after=read_until, until=until, max_bytes=self._page_bytes
                )
                stretch = Stretch(state.id, read_change, until_change, until)
                since = []
                if read_change < until_change:
                    since = await list_changed(connection, [stretch], limit=MAX_CHANGES_READ)
                await learn_reactors(connection, newest + since, [user_id])
            await self.learn_people(state, newest + since)
            if newest and newest[0].seq != read_until + 1:
                records.clear()
            records.update((record.seq, record) for record in newest)
            for record in since:
                if record.seq in records:
                    records[record.seq] = record
                elif record.seq <= start and after_change is not None:
                    changed.pop(record.seq, None)  # the order is that of the newest changes
                    changed[record.seq] = record
            if len(since) == MAX_CHANGES_READ or len(changed) > RESUME_CHANGES:
                return replace(await self.up_to_now(state, user_id, None), reload=True)
            read_until, read_change = until, until_change
        messages = self._newest_that_fit(state, list(records.values()), user_id)
        encoded = take_page(self._encode(state, changed.values(), user_id), self._page_bytes)
        if len(encoded) < len(changed):
            return replace(await self.up_to_now(state, user_id, None), reload=True)
        reload = after_seq is not None and after_seq + len(messages) != state.last_seq
        events = [payload_of_change(record, each) for record, each in zip(changed.values(), encoded, strict=True)]
        return CatchUp(messages, [] if reload else events, reload)

    async def sync(self, user_id: str, known: dict[str, Known]) -> dict[str, Any]:
        """All that a client missed, from the database itself: at most five statements.

        500 messages and 500 changed ones an answer.

        Raises:
            BadRequestError: the answer would have more rooms than fit into it, even if nothing was missed.
        """
        max_rooms = self._page_bytes // SYNCED_ROOM_BYTES
        if len(known) > max_rooms:
            raise BadRequestError(f"rooms: must be at most {max_rooms} at once.")
        async with self._database.connection() as connection:
            mine = await self._rooms.read_for_member(connection, list(known), user_id)
            missed = {room_id: max(0, state.last_seq - known[room_id].seq) for room_id, state in mine.items()}
            ranges = _ranges_of(known, missed)
            records = await repository.list_ranges(connection, ranges, max_bytes=self._page_bytes) if ranges else []
            stretches = _stretches_of(known, mine)
            changed = await list_changed(connection, stretches, limit=RESUME_CHANGES + 1) if stretches else []
            await learn_reactors(connection, records + changed, [user_id])
        for record in (*records, *changed):
            await self.learn_people(mine[record.room_id], [record])
        left_bytes = self._page_bytes - SYNCED_ROOM_BYTES * len(mine)
        cursors = _cursors_that_fit(mine.values(), user_id, left_bytes // 2)
        left_bytes -= sum(map(len, cursors.values()))
        page = take_page(self._encode_in(mine, records, user_id), left_bytes)
        left_bytes -= sum(map(len, page))
        changed_page = take_page(self._encode_in(mine, changed[:RESUME_CHANGES], user_id), left_bytes)
        if page and left_bytes <= 0:
            changed_page = []
        messages = _by_room(records, page)
        changes = _by_room(changed, changed_page)
        rooms = []
        for room_id, state in mine.items():
            room = {
                "roomId": room_id,
                "messages": _fragments(messages[room_id]),
                "lastSeq": state.last_seq,
                "cursors": orjson.Fragment(cursors.get(room_id, b"{}")),
                "reload": known[room_id].seq > state.last_seq or (known[room_id].change or 0) > state.last_change,
            }
            if known[room_id].change is not None:
                room |= {"changed": _fragments(changes[room_id]), "lastChange": state.last_change}
            rooms.append(room)
        return {"rooms": rooms, "more": sum(missed.values()) > len(page) or len(changed) > len(changed_page)}

    async def read_each(
        self, places: Sequence[tuple[str, int]], user_id: str
    ) -> list[tuple[MessageRecord, RoomState, bytes]]:
        """Messages by (room id, seq), in this order: the record, its room, and the message as the caller sees it.

        As the database has them now, and as many as fit into an answer. Those of rooms that the caller is not in are
        left out. Two statements, and one for each room in which somebody wrote who has left.
        """
        async with self._database.connection() as connection:
            mine = await self._rooms.read_for_member(connection, {room_id for room_id, _ in places}, user_id)
            wanted = [(room_id, seq - 1, seq) for room_id, seq in places if room_id in mine]
            records = await repository.list_ranges(connection, wanted, max_bytes=self._page_bytes)
        for room_id in dict.fromkeys(record.room_id for record in records):
            await self.learn_people(mine[room_id], [record for record in records if record.room_id == room_id])
        return [
            (record, mine[record.room_id], encoded)
            for record in records
            for encoded in self._encode(mine[record.room_id], [record], user_id)
        ]

    async def get_for_member(self, message_id: str, user_id: str) -> tuple[MessageRecord, RoomState]:
        """A message and its room; raises `NotFoundError` when there is none that the caller may see."""
        async with self._database.connection() as connection:
            record = await repository.find_for_member(connection, message_id, user_id)
        if record is None:
            raise NotFoundError("There is no such message.")
        return record, await self._rooms.get_for_member(record.room_id, user_id)

    def _newest_that_fit(
        self, state: RoomState, records: Sequence[MessageRecord], user_id: str
    ) -> list[orjson.Fragment]:
        newest_first = take_page(self._encode(state, reversed(records), user_id), self._page_bytes)
        return _fragments(reversed(newest_first))

    def _encode(self, state: RoomState, records: Iterable[MessageRecord], user_id: str) -> Iterator[bytes]:
        """Messages as `user_id` sees them, each when it is asked for. Everybody who wrote them is in `state`."""
        for record in records:
            status = state.status_for_others(record.seq, record.sender_id)
            sender = state.person_of(record.sender_id)
            encoded = encode_message(state.put_into_words(record), sender, status, only_for=user_id)
            yield encoded.for_user(user_id, record.sender_id)

    def _encode_in(
        self, states: dict[str, RoomState], records: Iterable[MessageRecord], user_id: str
    ) -> Iterator[bytes]:
        """Likewise of messages of several rooms."""
        for record in records:
            yield from self._encode(states[record.room_id], [record], user_id)

    async def learn_people(self, state: RoomState, records: Sequence[MessageRecord]) -> None:
        """Have everybody who wrote these, or is named in them, in `state`, members or not; one look-up at most."""
        await self.learn_ids(state, set().union(*map(people_of, records)))

    async def learn_ids(self, state: RoomState, user_ids: Collection[str]) -> None:
        """Likewise of people by their ids."""
        strangers = set(user_ids) - state.members.keys() - state.former_members.keys()
        if strangers:
            for user in (await self._accounts.get_users(strangers)).values():
                state.former_members[user.id] = user.as_json()


def _ranges_of(known: dict[str, Known], missed: dict[str, int]) -> list[tuple[str, int, int]]:
    """What to read of each room, up to 500 messages in all."""
    ranges, left = [], RESUME_MESSAGES
    for room_id, count in missed.items():
        if taken := min(left, count):
            after = known[room_id].seq
            ranges.append((room_id, after, after + taken))
            left -= taken
    return ranges


def _stretches_of(known: dict[str, Known], states: dict[str, RoomState]) -> list[Stretch]:
    """The changes of each room that the client does not know."""
    return [
        Stretch(room_id, change, state.last_change, known[room_id].seq)
        for room_id, state in states.items()
        if (change := known[room_id].change) is not None and change < state.last_change
    ]


def _by_room(records: Iterable[MessageRecord], encoded: Iterable[bytes]) -> dict[str, list[bytes]]:
    """What there is encoded of these messages, by the ids of their rooms."""
    by_room: dict[str, list[bytes]] = defaultdict(list)
    for record, message in zip(records, encoded, strict=False):
        by_room[record.room_id].append(message)
    return by_room


def _cursors_that_fit(states: Iterable[RoomState], user_id: str, max_bytes: int) -> dict[str, bytes]:
    """The positions in each room, as JSON, of as many rooms as fit."""
    cursors: dict[str, bytes] = {}
    for state in states:
        encoded = orjson.dumps(positions(state.members.values(), user_id))
        max_bytes -= len(encoded)
        if max_bytes < 0:
            break
        cursors[state.id] = encoded
    return cursors


def _fragments(entries: Iterable[bytes]) -> list[orjson.Fragment]:
    return [orjson.Fragment(entry) for entry in entries]


def _parse_before(before: str) -> int | datetime:
    if before.isascii() and before.isdigit() and len(before) <= MAX_SEQ_DIGITS:
        return int(before)
    try:
        return from_wire(before)
    except ValueError:
        raise BadRequestError("before: must be a seq, or a time such as 2026-03-01T09:30:00.123Z.") from None
