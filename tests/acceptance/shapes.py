"""The contract's shapes, field for field. Nothing may be missing, and nothing may be there that it does not name."""

import re
from typing import Any

Wire = dict[str, Any]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def check_moment(value: object) -> None:
    """ISO-8601 in UTC with milliseconds and `Z`."""
    assert isinstance(value, str), value
    assert _MOMENT.fullmatch(value), value


def check_user(user: Wire, *roles: str) -> None:
    """User: no e-mail address, nothing private."""
    assert user.keys() == {"id", "name", "avatar", "role"}
    assert user["id"]
    assert user["name"]
    assert user["avatar"] is None or isinstance(user["avatar"], str)
    assert user["role"] in (roles or ("va", "company", "admin"))


def check_message(message: Wire) -> None:
    """Message."""
    assert list(message) == [
        "id",
        "roomId",
        "seq",
        "clientMessageId",
        "senderId",
        "sender",
        "content",
        "type",
        "status",
        "metadata",
        "createdAt",
        "change",
        "editedAt",
        "deletedAt",
        "deletedBy",
        "replyTo",
        "mentions",
        "reactions",
        "attachments",
        "pinnedAt",
        "isOwn",
    ]
    check_user(message["sender"])
    assert message["sender"]["id"] == message["senderId"]
    assert isinstance(message["seq"], int)
    assert message["seq"] >= 1
    assert message["type"] in {"text", "image", "file", "system"}
    assert message["status"] in {"sent", "delivered", "read"}
    assert message["metadata"] is None or isinstance(message["metadata"], dict)
    assert isinstance(message["isOwn"], bool)
    check_moment(message["createdAt"])


def check_room(room: Wire) -> None:
    """Room."""
    assert room.keys() == {
        "id",
        "type",
        "status",
        "blockedBy",
        "title",
        "createdAt",
        "lastMessageAt",
        "lastSeq",
        "lastChange",
        "lastReadSeq",
        "unreadCount",
        "markedUnread",
        "archived",
        "muted",
        "myRole",
        "pinned",
        "otherParticipant",
        "members",
        "lastMessage",
    }
    assert room["type"] in {"direct", "support", "group"}
    assert room["status"] in {"active", "archived", "blocked"}
    assert room["blockedBy"] in {"me", None}
    check_moment(room["createdAt"])
    assert 0 <= room["lastReadSeq"] <= room["lastSeq"]
    assert 0 <= room["unreadCount"] <= room["lastSeq"]
    assert isinstance(room["markedUnread"], bool)
    assert isinstance(room["archived"], bool)
    if room["muted"] is not None:
        check_moment(room["muted"])
    assert room["myRole"] in {"owner", "admin", "member"}
    for member in room["members"]:
        _check_member(member, room["type"])
    if room["otherParticipant"] is not None:
        check_user(room["otherParticipant"], "va", "company", "admin", "group")
    _check_last_message(room)


def _check_member(member: Wire, room_type: str) -> None:
    """User; in a group with a role there."""
    person = dict(member)
    if room_type == "group":
        assert person.pop("memberRole") in {"owner", "admin", "member"}
    check_user(person)


def _check_last_message(room: Wire) -> None:
    last = room["lastMessage"]
    if last is None:
        assert (room["lastSeq"], room["lastMessageAt"]) == (0, None)
        return
    assert last.keys() == {
        "id",
        "seq",
        "content",
        "type",
        "metadata",
        "senderId",
        "senderName",
        "createdAt",
        "deletedAt",
        "attachments",
        "attachmentKind",
        "hasCaption",
        "isOwn",
    }
    assert (last["seq"], last["createdAt"]) == (room["lastSeq"], room["lastMessageAt"])
    check_moment(last["createdAt"])


def seqs(messages: list[Wire]) -> list[int]:
    """The positions of messages, in the order they came."""
    return [message["seq"] for message in messages]


def as_seen_by(message: Wire, user_id: str) -> Wire:
    """The same message as somebody else gets it."""
    return message | {"isOwn": message["senderId"] == user_id}
