"""What storing messages and looking at notifications agree on: a conversation's id, and when it is looked at first."""

import hashlib

# From a message to the first look at the notifications of its room, so that a burst is one.
FIRST_LOOK_SECONDS = 1

# `chat_notification_id` in SQL. No id of a room holds a slash, so no two pairs give one text.
CHAT_NOTIFICATION_ID = "left(encode(sha256(convert_to({room_id} || '/' || {user_id}, 'UTF8')), 'hex'), 32)"


def chat_notification_id(room_id: str, user_id: str) -> str:
    """The id of a conversation's notification, one for each member, for good: 32 hexadecimal digits."""
    return hashlib.sha256(f"{room_id}/{user_id}".encode()).hexdigest()[:32]
