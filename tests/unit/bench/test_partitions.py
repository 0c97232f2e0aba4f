"""The statement that the bench runs on partitions."""

from bench.partitions import by_room
from hyred_chat.messages.store_statement import STORE_BATCH


def test_repeats_are_looked_for_in_the_room_of_the_message() -> None:
    statement = by_room(STORE_BATCH)
    assert "WHERE m.room_id = sent.room_id AND m.sender_id = sent.sender_id AND m.client_message_id" in statement
    assert "m.room_id = sent.room_id AND m.id = sent.id" in statement
    assert statement.replace("m.room_id = sent.room_id AND ", "") == STORE_BATCH
