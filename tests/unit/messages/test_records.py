"""Messages in JSON: what one person gets is the same, whether it was encoded for everybody or for them alone."""

from dataclasses import replace

import pytest

from hyred_chat.files.attachments import Attachment
from hyred_chat.messages.additions import Additions, Reaction
from hyred_chat.messages.records import MessageRecord, encode_message

PLAIN = MessageRecord("room", 7, "id", "c-1", "va", "Hello 👋", "text", '{"a":1e5}', "2026-11-28T15:00:00.000Z")
FILE = Attachment("file", "a.txt", 3, "text/plain", "file", b"key")
SENT = [
    PLAIN,
    replace(PLAIN, additions=Additions(change=3, mentions=["co"], edited_at="2026-11-28T15:01:00.000Z")),
    replace(
        PLAIN, additions=Additions(change=4, reactions=[Reaction("👍", 3, ["va"], {"co"}), Reaction("👎", 1, ["co"])])
    ),
    replace(PLAIN, additions=Additions(change=5, attachments=[FILE])),
]


@pytest.mark.parametrize("record", SENT, ids=["plain", "edited", "reacted", "with a file"])
@pytest.mark.parametrize("user_id", ["va", "co", "somebody"])
def test_what_is_encoded_for_one_person_is_what_they_get_of_what_is_encoded_for_all(
    record: MessageRecord, user_id: str
) -> None:
    for_all = encode_message(record, b'{"id":"va"}', "read")
    for_one = encode_message(record, b'{"id":"va"}', "read", only_for=user_id)
    assert for_one.for_user(user_id, record.sender_id) == for_all.for_user(user_id, record.sender_id)
