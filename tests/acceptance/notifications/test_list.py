"""The list of one's notifications, and reading them."""

from urllib.parse import quote

import pytest

from tests.acceptance.bad_input import STRANGE_IDS, check_answer
from tests.acceptance.notifications.conftest import NewPhone
from tests.acceptance.notifications.phones import wait_for_state
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_moment

# Longer addresses are refused as a whole.
MAX_PATH_CHARS = 10_000


async def tell(chat: Chat, person: Person, *titles: str) -> None:
    """Notices, one after another, each listed before the next."""
    desk = await person.connect()
    for title in titles:
        body = {"userIds": [person.id], "type": "job_match", "title": title, "body": "Look", "data": {"jobId": "j-1"}}
        assert (await chat.admin("POST", "/api/admin/notifications", json=body)).status == 200
        await desk.wait_for("notification")


async def test_the_list_has_what_the_live_event_had(chat: Chat) -> None:
    person = await chat.person()
    await tell(chat, person, "A job for you")
    [entry] = (await person.get("/api/notifications")).data
    live = person.clients[-1].received("notification")[-1]
    check_moment(entry["createdAt"])
    assert entry == live
    assert entry | {"id": "", "createdAt": ""} == {
        "id": "",
        "title": "A job for you",
        "body": "Look",
        "type": "job_match",
        "data": {"jobId": "j-1"},
        "createdAt": "",
        "read": False,
    }


async def test_pages_skip_nothing_and_repeat_nothing(chat: Chat) -> None:
    person = await chat.person()
    titles = [f"Number {number}" for number in range(7)]
    await tell(chat, person, *titles)
    found, before = [], None
    while True:
        params = {"limit": 3} | ({} if before is None else {"before": before})
        answer = await person.get("/api/notifications", **params)
        found += [entry["title"] for entry in answer.data]
        before = answer.next_cursor
        if before is None:
            break
    assert found == titles[::-1]


async def test_conversations_can_be_left_out_of_the_list_and_of_reading_all(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    desk = await company.connect()
    await va.post_message(room_id, "Hello")
    await desk.wait_for("notification")
    await tell(chat, company, "A job for you")
    everything = {"messages": "false", "limit": 1}
    answer = await company.get("/api/notifications", **everything)
    assert ([entry["title"] for entry in answer.data], answer.next_cursor) == (["A job for you"], None)
    assert (await company.put("/api/notifications/read-all?messages=false")).data == {"count": 1}
    assert (await company.get("/api/notifications", **everything, unread="true")).data == []
    assert (await company.put("/api/notifications/read-all")).data == {"count": 1}  # the conversation was not


async def test_before_may_be_a_time(chat: Chat) -> None:
    person = await chat.person()
    await tell(chat, person, "First", "Second")
    [second, first] = (await person.get("/api/notifications")).data
    older = (await person.get("/api/notifications", before=second["createdAt"])).data
    assert older == [first]


async def test_what_is_read_is_left_out_of_what_is_unread(chat: Chat) -> None:
    person = await chat.person()
    await tell(chat, person, "First", "Second")
    [second, first] = (await person.get("/api/notifications")).data
    assert (await person.put(f"/api/notifications/{second['id']}/read")).data == {"count": 1}
    assert (await person.put(f"/api/notifications/{second['id']}/read")).data == {"count": 0}
    assert (await person.get("/api/notifications", unread="true")).data == [first]
    assert [entry["read"] for entry in (await person.get("/api/notifications")).data] == [True, False]
    assert await person.clients[-1].wait_for("notification_withdrawn") == {"ids": [second["id"]], "seqs": {}}


async def test_all_are_read_at_once(chat: Chat) -> None:
    person = await chat.person()
    await tell(chat, person, "First", "Second", "Third")
    assert (await person.put("/api/notifications/read-all")).data == {"count": 3}
    assert (await person.put("/api/notifications/read-all")).data == {"count": 0}
    assert (await person.get("/api/notifications", unread="true")).data == []


async def test_reading_all_covers_what_only_the_live_event_has_told_of(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    desk = await company.connect()
    await va.post_message(room_id, "Hello")
    live = await desk.wait_for("notification")
    assert (await company.put("/api/notifications/read-all")).data == {"count": 1}
    assert (await company.put("/api/notifications/read-all")).data == {"count": 0}
    assert await desk.wait_for("notification_withdrawn") == {"ids": [live["id"]], "seqs": {live["id"]: 1}}
    await wait_for_state(chat, company, "cancelled", "read")
    assert (await company.get("/api/notifications")).data == []
    assert (await company.room(room_id))["unreadCount"] == 1
    await va.post_message(room_id, "Hello again")
    await wait_for_state(chat, company, "sent")
    [entry] = (await company.get("/api/notifications", unread="true")).data
    assert entry["data"]["seq"] == 2


async def test_reading_all_by_somebody_without_a_socket_swallows_no_new_message(
    chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "Hello")
    assert (await company.put("/api/notifications/read-all")).data == {"count": 0}
    assert (await phone.wait_for()).body == "Hello"
    await wait_for_state(chat, company, "sent")
    assert [entry["read"] for entry in (await company.get("/api/notifications")).data] == [False]


async def test_reading_in_the_list_withdraws_the_push_and_leaves_the_conversation_unread(
    chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "Hello")
    await phone.wait_for()
    row = await wait_for_state(chat, company, "sent")
    assert (await company.put(f"/api/notifications/{row['id']}/read")).data == {"count": 1}
    assert (await phone.wait_for(2)).body is None
    assert (await company.room(room_id))["unreadCount"] == 1


async def test_reading_the_conversation_reads_its_notification(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "sent")
    assert [entry["read"] for entry in (await company.get("/api/notifications")).data] == [False]
    await company.put(f"/api/chat/messages/{message['id']}/read")
    assert [entry["read"] for entry in (await company.get("/api/notifications")).data] == [True]


async def test_who_was_put_out_of_a_room_sees_nothing_of_it_in_the_list(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(va, company)
    await va.post_message(room_id, "Secret")
    await wait_for_state(chat, company, "sent")
    await chat.save_room([va], id=room_id, type="group")
    assert (await company.get("/api/notifications")).data == []


async def test_other_people_s_notifications_do_not_exist(chat: Chat) -> None:
    person, stranger = await chat.person(), await chat.person("Eve")
    await tell(chat, person, "Mine")
    [mine] = (await person.get("/api/notifications")).data
    check_answer(await stranger.put(f"/api/notifications/{mine['id']}/read"), "not_found")
    assert (await stranger.get("/api/notifications")).data == []


@pytest.mark.parametrize(
    "params",
    [{"limit": 0}, {"limit": 101}, {"before": "yesterday"}, {"before": "x" * 201}, {"unread": "perhaps"}],
    ids=str,
)
async def test_a_list_that_makes_no_sense_is_refused(chat: Chat, params: dict[str, object]) -> None:
    check_answer(await (await chat.person()).get("/api/notifications", **params), "bad_request")


async def test_strange_ids_are_refused_plainly(chat: Chat) -> None:
    person = await chat.person()
    for strange in STRANGE_IDS:
        if "\ud800" in strange or strange in {"", "../.."} or len(strange) > MAX_PATH_CHARS:
            continue
        answer = await person.put(f"/api/notifications/{quote(strange, safe='')}/read")
        check_answer(answer, "not_found", "bad_request")
