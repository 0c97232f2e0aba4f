"""What people were told of a message follows it: it is said otherwise, or taken away, and nobody is alerted anew."""

from tests.acceptance.groups import make
from tests.acceptance.notifications.conftest import NewBrowser, NewPhone
from tests.acceptance.notifications.phones import wait_for_state
from tests.acceptance.people import Chat, Person


async def bodies_of(person: Person) -> list[str]:
    return [entry["body"] for entry in (await person.get("/api/notifications")).data]


async def test_an_edit_changes_the_push_in_place_and_alerts_nobody(
    chat: Chat, new_phone: NewPhone, new_browser: NewBrowser
) -> None:
    va, company, room_id = await chat.pair()
    phone, browser = new_phone(), new_browser()
    await phone.sign_in(company)
    await browser.sign_in(company)
    message = await va.post_message(room_id, "Helo")
    shown, shown_in_browser = await phone.wait_for(), await browser.wait_for()
    assert shown.message["apns"]["payload"]["aps"]["sound"] == "default"
    row = await wait_for_state(chat, company, "sent")
    await va.request("PATCH", f"/api/chat/messages/{message['id']}", json={"content": "Hello"})
    again, again_in_browser = await phone.wait_for(2), await browser.wait_for(2)
    assert (again.collapse_key, again.body) == (shown.collapse_key, "Hello")
    assert "sound" not in again.message["apns"]["payload"]["aps"]
    assert again.data["notificationId"] == row["id"]
    payload = again_in_browser.payload
    assert (payload["collapseKey"], payload["body"]) == (shown_in_browser.payload["collapseKey"], "Hello")
    assert payload["silent"] is True
    await wait_for_state(chat, company, "sent")
    assert await bodies_of(company) == ["Hello"]


async def test_a_deleted_message_s_push_is_withdrawn(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = new_phone(), await company.connect()
    await phone.sign_in(company)
    message = await va.post_message(room_id, "marker-0815")
    await phone.wait_for()
    row = await wait_for_state(chat, company, "sent")
    await va.request("DELETE", f"/api/chat/messages/{message['id']}")
    assert (await phone.wait_for(2)).body is None
    await wait_for_state(chat, company, "read")
    assert (await desk.wait_for("notification_withdrawn"))["ids"] == [row["id"]]
    rows = await chat.database.fetch("SELECT n::text FROM notifications n WHERE user_id = $1", company.id)
    assert "marker-0815" not in str(rows)


async def test_whoever_is_put_out_keeps_nothing_of_what_they_were_told(chat: Chat, new_phone: NewPhone) -> None:
    va, company, third = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
    group, phone = await make(va, company, third), new_phone()
    await phone.sign_in(company)
    await va.post_message(group.id, "marker-0816")
    await phone.wait_for()
    await wait_for_state(chat, company, "sent")
    assert await bodies_of(company) == ["marker-0816"]
    await group.remove(va, company)
    assert (await phone.wait_for(2)).body is None, "the push is taken away at once"
    await wait_for_state(chat, company, "cancelled")
    rows = await chat.database.fetch("SELECT n::text FROM notifications n WHERE user_id = $1", company.id)
    assert "marker-0816" not in str(rows)
    assert await bodies_of(company) == []
    await group.put(va, company)
    await va.post_message(group.id, "Welcome back")
    assert (await phone.wait_for(3)).body == "Welcome back"
    await wait_for_state(chat, company, "sent")
    assert await bodies_of(company) == ["Welcome back"]


async def test_where_others_are_unread_the_push_says_what_is_left(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "First")
    second = await va.post_message(room_id, "Second")
    assert (await phone.wait_for()).body == "2 new messages"
    await wait_for_state(chat, company, "sent")
    await va.request("DELETE", f"/api/chat/messages/{second['id']}")
    assert (await phone.wait_for(2)).body == "First"
    await wait_for_state(chat, company, "sent")
    assert await bodies_of(company) == ["First"]


async def test_a_message_that_is_deleted_before_the_first_look_is_told_to_nobody(
    chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    message = await va.post_message(room_id, "Oops")
    await va.request("DELETE", f"/api/chat/messages/{message['id']}")
    await wait_for_state(chat, company, "cancelled", "read")
    assert await bodies_of(company) == []
    assert phone.pushes == []


async def test_a_mention_reaches_who_has_muted_the_room(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await company.put(f"/api/chat/rooms/{room_id}/mute", {"until": "2999-01-01T00:00:00.000Z"})
    await va.post_message(room_id, "Nothing urgent")
    await wait_for_state(chat, company, "cancelled", "muted")
    await va.post_message(room_id, "Acme, please", mentions=[company.id])
    await phone.wait_for()
