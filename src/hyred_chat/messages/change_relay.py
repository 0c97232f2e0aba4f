"""Changes that other nodes have stored, and what they are told of those stored here."""

from typing import Any

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.messages.additions import Additions, Quote, Reaction
from hyred_chat.messages.attached import FilesInShort
from hyred_chat.messages.hold import ChangeHold
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.rows import COLUMNS
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.inbox import Inbox
from hyred_chat.rooms.state import RoomState

# What is told of a quote under these names.
_QUOTED = ("id", "seq", "sender_id", "sender_name", "content", "type", "deleted_at")


class ChangeRelay:
    """Tells other nodes of each stored change, and hands out theirs in the order of the room.

    Args:
        hold: takes changes wherever they were stored.
        inbox: has rooms read that are not in memory.
    """

    def __init__(self, nodes: Nodes, rooms: RoomCache, hold: ChangeHold, inbox: Inbox) -> None:
        self._nodes = nodes
        self._rooms = rooms
        self._hold = hold
        self._inbox = inbox
        nodes.on(Kind.CHANGE, self._hear)

    def tell(self, record: MessageRecord) -> None:
        """A message was changed here."""
        state = self._rooms.find(record.room_id)
        if state is None:  # nobody here has it: others find it
            return
        fields = {Field.ROOM: record.room_id.encode(), Field.SEQ: b"%d" % record.change}
        # What signs the addresses of files is in the database, and goes nowhere else.
        body = None if record.attachments else _write(record, state)
        self._nodes.tell_room(record.room_id, state.members, Kind.CHANGE, fields, body)

    def _hear(self, envelope: Envelope) -> None:
        room_id, change = envelope.fields[Field.ROOM].decode(), int(envelope.fields[Field.SEQ])
        told = None if envelope.is_truncated else _read(envelope.body)
        if told is None:
            self._inbox.put(room_id, lambda _: self._hold.expect(room_id, change, is_news=True))
            return
        record, sender = told

        def receive(state: RoomState) -> None:
            if record.sender_id not in state.members:
                state.former_members.setdefault(record.sender_id, sender)
            self._hold.receive_change(record, is_news=True)

        self._inbox.put(room_id, receive)


def _write(record: MessageRecord, state: RoomState) -> bytes:
    additions = record.additions or Additions()
    quote = additions.quote
    return orjson.dumps(
        {
            "sent": [getattr(record, column) for column in COLUMNS],
            "sender": state.person_of(record.sender_id).decode(),
            "additions": {
                "change": additions.change,
                "edited_at": additions.edited_at,
                "deleted_at": additions.deleted_at,
                "deleted_by": additions.deleted_by,
                "mentions": additions.mentions,
                "pinned_at": additions.pinned_at,
            },
            # Apart, since an older version takes no more of a quote than it knows.
            "quote": None if quote is None else {name: getattr(quote, name) for name in _QUOTED},
            "quoted_files": None if quote is None else list(quote.files),
            "reactions": [[each.emoji, each.count, each.user_ids, list(each.others)] for each in additions.reactions],
        }
    )


def _read(body: bytes) -> tuple[MessageRecord, bytes] | None:
    """The message, and its sender as JSON.

    None where an older version told it, which says less of what it answers: then it is read from the database.
    """
    told: dict[str, Any] = orjson.loads(body)
    quote = None
    if told["quote"] is not None:
        if "quoted_files" not in told:
            return None
        quote = Quote(**told["quote"], files=FilesInShort(*told["quoted_files"]))
    reactions = [Reaction(emoji, count, first, frozenset(others)) for emoji, count, first, others in told["reactions"]]
    additions = Additions(**told["additions"], quote=quote, reactions=reactions)
    record = MessageRecord(*told["sent"])
    record.additions = additions
    return record, told["sender"].encode()
