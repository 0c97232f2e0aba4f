"""The demo world, written into an empty database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hyred_chat.accounts.pairs import pair_key
from hyred_chat.db.pool import Connection, Database
from hyred_chat.demo.conversations import CONVERSATIONS, Conversation
from hyred_chat.demo.people import DemoPerson, demo_people
from hyred_chat.ids import new_id

# They signed up a while before they met.
SIGNED_UP = timedelta(days=40)
HOURS = '{"from": "09:00", "until": "17:00", "days": [1, 2, 3, 4, 5]}'
# A room is opened this long before its first message.
OPENED = timedelta(minutes=1)


async def seed_demo_world(database: Database) -> bool:
    """Make the demo people, their rooms and their conversations of the last days.

    Returns:
        False, and nothing is written, when there are users already.
    """
    async with database.transaction() as connection:
        # Nobody else makes people meanwhile, another server's first start included.
        await connection.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
        if await connection.fetchval("SELECT EXISTS (SELECT FROM users)"):
            return False
        now = datetime.now(UTC).replace(microsecond=0)
        histories = [_new_history(conversation, now) for conversation in CONVERSATIONS]
        await _write_people(connection, histories, now)
        await _write_histories(connection, histories)
    return True


async def address_demo_pictures(database: Database, origin: str) -> None:
    """Have the pictures of the demo world lead to this server, which may have another port now, from any page."""
    async with database.transaction() as connection:
        for table, column, key in _PICTURES:
            await connection.execute(
                f"""
                UPDATE {table} SET {column} = $1 || substring({column} FROM $2)
                WHERE {key} AND {column} <> $1 || substring({column} FROM $2)
                """,  # noqa: S608  # put together from constants
                origin,
                r"/demo/avatars/[a-z]+\.svg$",
            )


_PICTURES = (
    ("va_profiles", "avatar_url", "user_id LIKE 'demo-%'"),
    ("companies", "logo_url", "user_id LIKE 'demo-%'"),
    ("chat_rooms", "avatar_url", "avatar_url LIKE '%/demo/avatars/%'"),
)


@dataclass(frozen=True, slots=True)
class History:
    """A conversation in a room, with the moments at which its lines were said."""

    conversation: Conversation
    room_id: str
    moments: list[datetime]

    @property
    def opened_at(self) -> datetime:
        """When the room was made."""
        return self.moments[0] - OPENED

    def moments_of(self, key: str) -> list[datetime]:
        """When somebody said something here."""
        said = zip(self.conversation.lines, self.moments, strict=True)
        return [moment for (speaker, _, _), moment in said if speaker == key]

    def room_row(self) -> tuple[object, ...]:
        """For `chat_rooms`."""
        talk, moments = self.conversation, self.moments
        key = None if talk.type == "group" else pair_key(talk.type, _id(talk.members[0]), _id(talk.members[1]))
        return (self.room_id, talk.type, talk.title, talk.avatar, key, len(moments), moments[-1], self.opened_at)

    def member_rows(self) -> Iterator[tuple[object, ...]]:
        """For `chat_members`. Whoever has read a message has also received it."""
        for key in self.conversation.members:
            read = len(self.moments) - self.conversation.unread.get(key, 0)
            yield (self.room_id, _id(key), self.opened_at, read, read)

    def message_rows(self) -> Iterator[tuple[object, ...]]:
        """For `messages`."""
        said = zip(self.conversation.lines, self.moments, strict=True)
        for seq, ((key, _, content), moment) in enumerate(said, start=1):
            yield (self.room_id, seq, new_id(), _id(key), content, "text", moment)


def _new_history(conversation: Conversation, now: datetime) -> History:
    """The moments are reckoned backwards from the last line: in whole seconds, strictly rising."""
    moment, moments = now - conversation.last_said, []
    for number, (_, minutes, _) in enumerate(reversed(conversation.lines)):
        moments.append(moment)
        # People do not write on the full minute.
        moment -= timedelta(minutes=minutes, seconds=number * 7 % 41)
    return History(conversation, new_id(), moments[::-1])


def _id(key: str) -> str:
    return next(person.id for person in demo_people() if person.key == key)


async def _write_people(connection: Connection, histories: list[History], now: datetime) -> None:
    def last_seen(person: DemoPerson) -> datetime:
        return max(moment for history in histories for moment in history.moments_of(person.key))

    people = demo_people()
    await connection.copy_records_to_table(
        "users",
        columns=["id", "email", "role", "last_seen_at", "created_at", "headline", "time_zone", "working_hours"],
        records=[
            (each.id, each.email, each.role, last_seen(each), now - SIGNED_UP, each.title, each.time_zone, HOURS)
            for each in people
        ],
    )
    companies = [(person.id, person.name, person.avatar_url) for person in people if person.role == "company"]
    # An admin's name and picture are where a VA's are: it is the first place where they are looked for.
    others = [(person.id, person.name, person.avatar_url) for person in people if person.role != "company"]
    await connection.copy_records_to_table("va_profiles", columns=["user_id", "name", "avatar_url"], records=others)
    await connection.copy_records_to_table("companies", columns=["user_id", "name", "logo_url"], records=companies)


async def _write_histories(connection: Connection, histories: list[History]) -> None:
    await connection.copy_records_to_table(
        "chat_rooms",
        columns=["id", "type", "title", "avatar_url", "direct_key", "last_seq", "last_message_at", "created_at"],
        records=[history.room_row() for history in histories],
    )
    await connection.copy_records_to_table(
        "chat_members",
        columns=["room_id", "user_id", "joined_at", "last_read_seq", "last_delivered_seq"],
        records=[row for history in histories for row in history.member_rows()],
    )
    await connection.copy_records_to_table(
        "messages",
        columns=["room_id", "seq", "id", "sender_id", "content", "type", "created_at"],
        records=[row for history in histories for row in history.message_rows()],
    )
