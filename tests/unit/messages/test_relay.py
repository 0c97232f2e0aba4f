"""What processes tell one another of messages while some of them are of an older version."""

import orjson

from hyred_chat.messages import change_relay, relay
from hyred_chat.messages.additions import Additions, Quote
from hyred_chat.messages.attached import FilesInShort
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.rooms.state import RoomState

QUOTE = Quote(
    "m1", 1, "ana", "Ana", "me.jpg", "image", deleted_at=None, files=FilesInShort(1, "image", has_caption=False)
)
ROOM = RoomState(
    id="room",
    type="direct",
    status="active",
    title=None,
    avatar=None,
    created_at="2026-01-01T00:00:00.000Z",
    last_message_at=None,
    last_seq=2,
    last_message=None,
    members={},
)


def answer() -> MessageRecord:
    record = MessageRecord("room", 2, "m2", None, "bob", "Nice", "text", None, "2026-01-01T00:00:00.000Z")
    record.additions = Additions(quote=QUOTE)
    return record


def test_a_message_is_told_with_what_it_answers() -> None:
    told = relay._read(encode_message(answer(), b"{}", "sent").others)
    assert told is not None
    assert told[0].additions == Additions(quote=QUOTE, mentions=[])


def test_a_message_that_an_older_version_tells_is_read_where_it_answers_one() -> None:
    whole = orjson.loads(encode_message(answer(), b"{}", "sent").others)
    for name in ("attachments", "attachmentKind", "hasCaption"):
        del whole["replyTo"][name]
    assert relay._read(orjson.dumps(whole)) is None


def test_a_change_is_told_with_what_the_message_answers() -> None:
    told = change_relay._read(change_relay._write(answer(), ROOM))
    assert told is not None
    assert told[0].additions == Additions(quote=QUOTE)


def test_a_change_that_an_older_version_tells_is_read_where_the_message_answers_one() -> None:
    fields = orjson.loads(change_relay._write(answer(), ROOM))
    assert set(fields["quote"]) == {"id", "seq", "sender_id", "sender_name", "content", "type", "deleted_at"}, (
        "it takes no more"
    )
    del fields["quoted_files"]
    assert change_relay._read(orjson.dumps(fields)) is None
