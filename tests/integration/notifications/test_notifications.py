"""Telling people of messages costs no statement, however many they are, and no answer waits for it."""

from tests.acceptance.people import Chat
from tests.integration.realtime.application import RunningApplication


async def test_notifications_and_room_updates_of_a_large_group_cost_no_statement(
    chat: Chat, running: RunningApplication
) -> None:
    sender = await chat.person("Ana")
    crowd = [await chat.person(f"Person {number}") for number in range(20)]
    room_id = await chat.room(sender, *crowd, title="All hands")
    mine = await sender.connect(join=room_id)
    clients = [await person.connect() for person in crowd]
    await mine.wait_until(lambda: len(mine.received("presence_changed")) == len(crowd))
    await mine.send(room_id, "First")
    for client in clients:
        await client.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
    await running.count()
    await mine.send(room_id, "Second", clientMessageId="second")
    for client in clients:
        await client.wait_for("room_updated", lambda room: room["lastSeq"] == 2)
        assert [note["body"] for note in client.received("notification")] == ["First", "Second"]
    assert await running.count() == 1


async def test_each_person_s_notification_is_the_same_on_all_of_their_sockets(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = await company.connect(), await company.connect()
    await va.post_message(room_id, "Hello")
    assert await phone.wait_for("notification") == await desk.wait_for("notification")


async def test_a_sender_who_was_put_out_meanwhile_still_has_a_title(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(va, company, title="Project")
    client = await company.connect()
    await va.post_message(room_id, "Last words")
    assert (await client.wait_for("notification"))["title"] == "Ana · Project"
