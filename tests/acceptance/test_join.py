"""`join_chat` and `leave_chat`: history, then live events, and what the others see of it."""

import pytest

from tests.acceptance.people import Chat
from tests.acceptance.shapes import as_seen_by, check_message, check_moment, check_room, seqs


async def test_a_join_brings_the_latest_fifty_oldest_first(chat: Chat) -> None:
    va, _, room_id = await chat.filled_pair(60)
    joined = await (await va.connect()).join(room_id)
    assert seqs(joined.history) == list(range(11, 61))
    assert joined.reload is False
    for message in joined.history:
        check_message(message)


async def test_a_join_of_an_empty_room_brings_an_empty_history(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    joined = await client.join(room_id)
    assert (joined.history, joined.reload) == ([], False)
    assert client.received("chat_history") == [[]]


async def test_the_history_comes_before_the_acknowledgement_which_shows_the_room(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    sent = [await company.post_message(room_id, f"Number {number}") for number in range(3)]
    joined = await (await va.connect()).join(room_id)
    assert joined.history == [message | {"isOwn": False, "status": "sent"} for message in sent]
    check_room(joined.room)
    assert (joined.room["id"], joined.room["lastSeq"], joined.room["unreadCount"]) == (room_id, 3, 3)


@pytest.mark.parametrize(("after_seq", "expected"), [(0, 500), (1, 499), (450, 50), (499, 1), (500, 0)])
async def test_a_join_with_after_seq_brings_all_after_it(chat: Chat, after_seq: int, expected: int) -> None:
    va, _, room_id = await chat.filled_pair(500)
    joined = await (await va.connect()).join(room_id, afterSeq=after_seq)
    assert seqs(joined.history) == list(range(501 - expected, 501))
    assert joined.reload is False


@pytest.mark.parametrize("after_seq", [0, 1, 700, 2**53 - 1])
async def test_a_join_that_missed_too_much_or_knows_the_future_is_told_to_reload(chat: Chat, after_seq: int) -> None:
    va, _, room_id = await chat.filled_pair(502)
    joined = await (await va.connect()).join(room_id, afterSeq=after_seq)
    assert seqs(joined.history) == list(range(453, 503))
    assert joined.reload is True


async def test_explicit_null_for_after_seq_is_like_absent(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    joined = await (await va.connect()).join(room_id, afterSeq=None)
    assert seqs(joined.history) == [1]


async def test_whoever_has_joined_gets_live_messages_and_whoever_has_not_does_not(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    inside, outside = await company.connect(join=room_id), await company.connect()
    message = await va.post_message(room_id, "Hello")
    assert await inside.wait_for("new_message") == as_seen_by(message, company.id)
    await outside.catch_up()
    assert outside.received("new_message") == []


async def test_a_socket_may_join_many_rooms(chat: Chat) -> None:
    va, company, first = await chat.pair()
    rooms = [first, await chat.room(va, company), await chat.room(va, company)]
    client = await va.connect()
    for room_id in rooms:
        await client.join(room_id)
    for room_id in rooms:
        await company.post_message(room_id, "Hello")
        assert (await client.wait_for("new_message"))["roomId"] == room_id


async def test_a_second_join_brings_history_again_and_no_message_twice(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    await company.post_message(room_id, "One")
    assert seqs((await client.join(room_id)).history) == [1]
    await company.post_message(room_id, "Two")
    await client.wait_for("new_message", lambda message: message["seq"] == 2)
    assert seqs(client.received("new_message")) == [1, 2]


async def test_the_others_see_who_joins(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    await va.connect(join=room_id)
    joined = await theirs.wait_for("user_joined")
    check_moment(joined.pop("joinedAt"))
    assert joined == {"chatRoomId": room_id, "userId": va.id, "name": "Ana"}


async def test_ones_own_other_sockets_are_not_told_of_ones_joining_and_leaving(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    first = await va.connect(join=room_id)
    second = await va.connect(join=room_id)
    await second.ask("leave_chat", {"chatRoomId": room_id})
    await first.catch_up()
    assert first.received("user_joined") == first.received("user_left") == second.received("user_left") == []


async def test_a_second_socket_of_somebody_joins_and_leaves_unseen(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    first, second = await va.connect(join=room_id), await va.connect(join=room_id)
    await first.ask("leave_chat", {"chatRoomId": room_id})
    await theirs.catch_up()
    assert len(theirs.received("user_joined")) == 1
    assert theirs.received("user_left") == []
    await second.ask("leave_chat", {"chatRoomId": room_id})
    left = await theirs.wait_for("user_left")
    assert (left["chatRoomId"], left["userId"], left["name"]) == (room_id, va.id, "Ana")
    await theirs.catch_up()
    assert len(theirs.received("user_left")) == 1


async def test_the_disconnect_of_the_last_socket_is_a_leaving_too(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    first, second = await va.connect(join=room_id), await va.connect(join=room_id)
    await first.disconnect()
    await second.catch_up()
    await theirs.catch_up()
    assert theirs.received("user_left") == []
    await second.disconnect()
    assert (await theirs.wait_for("user_left"))["userId"] == va.id


async def test_who_has_left_gets_no_more_live_events_of_the_room(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    assert await client.ask("leave_chat", {"chatRoomId": room_id}) is None
    theirs = await company.connect(join=room_id)
    await theirs.send(room_id, "Are you still there?")
    await client.catch_up()
    assert client.received("new_message") == client.received("user_joined") == []


async def test_leaving_a_room_that_one_has_not_joined_is_no_error(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    assert await (await va.connect()).ask("leave_chat", {"chatRoomId": room_id}) is None
    await theirs.catch_up()
    assert theirs.received("user_left") == []


async def test_a_join_without_acknowledgement_joins_too(chat: Chat) -> None:
    """As clients of the first design do it."""
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    client = await va.connect()
    await client.emit("join_chat", {"chatRoomId": room_id})
    assert seqs(await client.wait_for("chat_history")) == [1]
    await company.post_message(room_id, "Still there?")
    assert (await client.wait_for("new_message"))["seq"] == 2
