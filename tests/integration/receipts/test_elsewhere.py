"""Positions that another process has stored, and that are met before anybody has told of them."""

from tests.acceptance.people import Chat


async def test_what_was_read_elsewhere_is_told_when_something_is_received_here(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    reader, writer = await va.connect(), await company.connect(join=room_id)
    await writer.ask("sync", {"rooms": {}})  # clients of the first design are told of each message
    for number in range(3):
        await writer.send(room_id, f"Number {number}")
    await chat.database.execute(
        "UPDATE chat_members SET last_read_seq = 2, last_delivered_seq = 2 WHERE room_id = $1 AND user_id = $2",
        room_id,
        va.id,
    )
    await reader.ask("mark_delivered", {"chatRoomId": room_id, "seq": 3})
    assert (await writer.wait_for("message_delivered"))["seq"] == 3
    read = await writer.wait_for("message_read")
    assert (read["userId"], read["seq"], len(read["messageIds"])) == (va.id, 2, 2)
