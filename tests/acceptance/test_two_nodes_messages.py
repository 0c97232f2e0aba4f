"""Two processes on one database, without a broker: each client has every message, in order and once, wherever it is."""

import asyncio

from tests.acceptance.nodes import TwoNodes


async def test_messages_of_one_process_appear_at_the_other_s_sockets_in_order_and_once(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    sender = await company.connect(join=room_id)
    reader = await nodes.connect(va, join=room_id)
    for number in range(20):
        await sender.send(room_id, f"Number {number}")
    await reader.wait_until(lambda: len(reader.received("new_message")) >= 20)
    assert [message["content"] for message in reader.received("new_message")] == [f"Number {n}" for n in range(20)]
    assert [message["seq"] for message in reader.received("new_message")] == list(range(1, 21))
    assert not any(message["isOwn"] for message in reader.received("new_message"))


async def test_messages_that_both_processes_store_at_once_are_in_one_order_everywhere(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    at_first = [await va.connect(join=room_id), await company.connect(join=room_id)]
    at_second = [await nodes.connect(va, join=room_id), await nodes.connect(company, join=room_id)]
    sends = [
        client.send(room_id, f"{place} {number}")
        for number in range(50)
        for place, client in enumerate(at_first + at_second)
    ]
    answers = await asyncio.gather(*sends)
    assert sorted(answer["seq"] for answer in answers) == list(range(1, 201))
    # Whichever process stored the last one, the other has it by its sweep.
    for client in at_first + at_second:
        await client.wait_for("new_message", lambda message: message["seq"] == 200)
        await client.catch_up()
        messages = client.received("new_message")
        assert [message["seq"] for message in messages] == list(range(1, 201))
        assert [message["id"] for message in messages] == [
            answer["id"] for answer in sorted(answers, key=lambda each: each["seq"])
        ]


async def test_who_has_not_joined_sees_the_list_and_the_unread_count_follow(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    reader = await nodes.connect(va)
    await nodes.listed(va, room_id)
    await company.post_message(room_id, "Hello")
    await company.post_message(room_id, "Are you there?")
    update = await reader.wait_for("room_updated", lambda room: room["lastSeq"] == 2)
    assert (update["unreadCount"], update["lastMessage"]["content"]) == (2, "Are you there?")
    assert await nodes.get(va, "/api/chat/unread-count") == (await va.get("/api/chat/unread-count")).data


async def test_who_has_listed_their_rooms_at_the_other_process_is_told_here(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    await va.get("/api/chat/rooms")
    reader = await nodes.connect(va)
    await company.post_message(room_id, "Hello")
    await reader.wait_for("room_updated", lambda room: room["id"] == room_id and room["unreadCount"] == 1)


async def test_a_list_is_right_though_the_process_has_the_room_in_memory(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    reader = await nodes.connect(va, join=room_id)
    for number in range(1, 6):
        await company.post_message(room_id, f"Number {number}")
        room = await nodes.listed(va, room_id)
        assert (room["lastSeq"], room["lastMessage"]["content"]) == (number, f"Number {number}")
    await reader.wait_until(lambda: len(reader.received("new_message")) >= 5)
    assert [message["seq"] for message in reader.received("new_message")] == [1, 2, 3, 4, 5]


async def test_history_is_right_though_the_room_was_read_when_nobody_was_here(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    await nodes.listed(va, room_id)
    await company.post_message(room_id, "Hello")
    assert [each["content"] for each in await nodes.get(va, f"/api/chat/rooms/{room_id}/messages")] == ["Hello"]
    await company.post_message(room_id, "Are you there?")
    reader = await nodes.connect(va)
    assert [message["seq"] for message in (await reader.join(room_id)).history] == [1, 2]


async def test_receipts_reach_the_sockets_of_the_other_process(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    sender, reader = await nodes.connect(company, join=room_id), await va.connect(join=room_id)
    other_device = await nodes.connect(va)
    await nodes.listed(va, room_id)
    message = await sender.send(room_id, "Hello")
    await reader.wait_for("new_message")
    await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    receipt = await sender.wait_for("message_read")
    assert (receipt["userId"], receipt["messageId"], receipt["seq"]) == (va.id, message["id"], 1)
    await other_device.wait_for("room_updated", lambda room: room["lastReadSeq"] == 1 and room["unreadCount"] == 0)
    assert (await nodes.listed(va, room_id))["unreadCount"] == 0


async def test_a_retry_at_the_other_process_is_the_same_message(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    reader = await nodes.connect(va, join=room_id)
    first = await company.post_message(room_id, "Hello", clientMessageId="once")
    again = await nodes.post_message(company, room_id, "Hello", clientMessageId="once")
    assert again["id"] == first["id"]
    await company.post_message(room_id, "The last one")
    await reader.wait_for("new_message", lambda message: message["content"] == "The last one")
    assert [message["seq"] for message in reader.received("new_message")] == [1, 2]


async def test_who_comes_with_more_than_the_process_has_loses_nothing(nodes: TwoNodes) -> None:
    """They have it from the other process, or from `sync`. Their next process may hear of it only later."""
    va, company, room_id = await nodes.chat.pair()
    reader = await nodes.connect(va, join=room_id)
    for number in range(1, 4):
        await company.post_message(room_id, f"Number {number}")
        comer = await nodes.connect(company)
        joined = await comer.join(room_id, afterSeq=number)
        assert (joined.history, joined.reload, joined.room["lastSeq"]) == ([], False, number)
    await reader.wait_until(lambda: len(reader.received("new_message")) >= 3)
    assert [message["seq"] for message in reader.received("new_message")] == [1, 2, 3]
    joined = await (await nodes.connect(company)).join(room_id, afterSeq=4)
    assert ([message["seq"] for message in joined.history], joined.reload) == ([1, 2, 3], True)
