"""From a message to a pocket, and back out of it."""

import asyncio

from tests.acceptance.notifications.conftest import NewBrowser, NewPhone
from tests.acceptance.notifications.phones import wait_for_state
from tests.acceptance.people import Chat


async def test_somebody_offline_gets_one_push_for_a_burst(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    messages = [await va.post_message(room_id, f"Number {number}") for number in range(3)]
    push = await phone.wait_for()
    assert push.body == "3 new messages"
    assert push.message["notification"]["title"] == "Ana"
    assert push.data | {"notificationId": ""} == {
        "type": "chat_message",
        "chatRoomId": room_id,
        "messageId": messages[-1]["id"],
        "senderId": va.id,
        "seq": "3",
        "messageType": "text",
        "unreadCount": "3",
        "badge": "3",
        "notificationId": "",
    }
    assert push.message["android"]["priority"] == "HIGH"
    assert push.message["apns"]["payload"]["aps"]["badge"] == 3
    row = await wait_for_state(chat, company, "sent")
    assert row["shown_on"] == [phone.device_id]
    assert len(phone.pushes) == 1
    [entry] = (await company.get("/api/notifications")).data
    assert (entry["body"], entry["data"]["seq"], entry["data"]["unreadCount"]) == ("3 new messages", 3, 3)


async def test_a_push_of_one_message_says_what_was_written(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "Are you free on Monday?")
    assert (await phone.wait_for()).body == "Are you free on Monday?"


async def test_the_sender_is_not_pushed(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = new_phone(), new_phone()
    await mine.sign_in(va)
    await theirs.sign_in(company)
    await va.post_message(room_id, "Hello")
    await theirs.wait_for()
    assert await chat.database.fetchval("SELECT count(*) FROM notifications WHERE user_id = $1", va.id) == 0
    assert mine.pushes == []


async def test_what_is_read_in_the_chat_within_the_grace_time_is_never_pushed(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = new_phone(), await company.connect()
    await phone.sign_in(company)
    message = await va.post_message(room_id, "Hello")
    await desk.wait_for("notification")
    await desk.ask("mark_message_read", {"messageId": message["id"]})
    await wait_for_state(chat, company, "cancelled", "read")
    assert phone.pushes == []
    assert (await company.get("/api/notifications")).data == []


async def test_what_is_unread_after_the_grace_time_is_pushed_though_they_are_in_the_chat(
    chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = new_phone(), await company.connect()
    await phone.sign_in(company)
    started = asyncio.get_running_loop().time()
    await va.post_message(room_id, "Hello")
    live = await desk.wait_for("notification")
    assert asyncio.get_running_loop().time() - started < 1
    push = await phone.wait_for()
    assert asyncio.get_running_loop().time() - started > 2
    assert push.data["notificationId"] == live["id"]


async def test_nobody_is_pushed_about_the_room_that_they_look_at(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = new_phone(), await company.connect(join=room_id)
    await phone.sign_in(company)
    await desk.ask("set_visibility", {"isVisible": True})
    await va.post_message(room_id, "Hello")
    # The page shows life until the look, a second later: a sign in the very moment of the message proves nothing.
    looked = asyncio.create_task(wait_for_state(chat, company, "cancelled", "looking"))
    while not looked.done():
        await desk.ask("mark_delivered", {"chatRoomId": room_id, "seq": 1})
        await asyncio.wait([looked], timeout=0.1)
    await looked
    assert phone.pushes == []


async def test_who_hides_the_page_is_pushed_about_the_room_on_it(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = new_phone(), await company.connect(join=room_id)
    await phone.sign_in(company)
    await desk.ask("set_visibility", {"isVisible": False})
    await va.post_message(room_id, "Hello")
    await phone.wait_for()


async def test_reading_withdraws_what_was_shown_on_all_devices(
    chat: Chat, new_phone: NewPhone, new_browser: NewBrowser
) -> None:
    va, company, room_id = await chat.pair()
    phone, browser = new_phone(), new_browser()
    await phone.sign_in(company)
    await browser.sign_in(company)
    message = await va.post_message(room_id, "Hello")
    shown, shown_in_browser = await phone.wait_for(), await browser.wait_for()
    assert shown_in_browser.payload["body"] == "Hello"
    row = await wait_for_state(chat, company, "sent")
    desk = await company.connect()
    await desk.ask("mark_message_read", {"messageId": message["id"]})
    assert await desk.wait_for("notification_withdrawn") == {"ids": [row["id"]], "seqs": {row["id"]: 1}}
    silent, silent_in_browser = await phone.wait_for(2), await browser.wait_for(2)
    assert (silent.collapse_key, silent.body) == (shown.collapse_key, None)
    assert silent.data | {"notificationId": ""} == {
        "type": "chat_message",
        "chatRoomId": room_id,
        "withdrawn": "true",
        "badge": "0",
        "notificationId": "",
    }
    assert silent_in_browser.payload["withdrawn"] is True
    assert silent_in_browser.payload["collapseKey"] == shown_in_browser.payload["collapseKey"] == shown.collapse_key
    assert silent_in_browser.headers["Topic"] == shown_in_browser.headers["Topic"]
    await wait_for_state(chat, company, "read")


async def test_answering_withdraws_it_too(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "Hello?")
    await phone.wait_for()
    await wait_for_state(chat, company, "sent")
    await company.post_message(room_id, "Hello!")
    assert (await phone.wait_for(2)).body is None
    await wait_for_state(chat, company, "read")


async def test_a_message_after_reading_is_pushed_anew_with_the_same_collapse_key(
    chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    first = await va.post_message(room_id, "One")
    shown = await phone.wait_for()
    await wait_for_state(chat, company, "sent")
    await company.put(f"/api/chat/messages/{first['id']}/read")
    await phone.wait_for(2)
    await va.post_message(room_id, "Two")
    again = await phone.wait_for(3)
    assert (again.collapse_key, again.body) == (shown.collapse_key, "Two")


async def test_a_delivered_message_s_notification_is_delivered(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "sent")
    client = await company.connect()
    await client.ask("mark_delivered", {"chatRoomId": room_id, "seq": 1})
    await wait_for_state(chat, company, "delivered")
    states = await chat.database.fetch(
        "SELECT event.state FROM notification_events event JOIN notifications n ON n.id = event.notification_id"
        " WHERE n.user_id = $1 ORDER BY at",
        company.id,
    )
    assert [row["state"] for row in states] == ["scheduled", "sent", "delivered"]
