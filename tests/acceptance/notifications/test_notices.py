"""What the host tells people: many at once, later if asked, once for a key, and taken back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.bad_input import check_answer
from tests.acceptance.notifications.conftest import NewBrowser, NewPhone
from tests.acceptance.people import Answer, Chat, Person
from tests.integration.commands import run_command

PATH = "/api/admin/notifications"


def body(*people: Person, **fields: Any) -> dict[str, Any]:
    good = {"type": "job_match", "title": "A job for you", "body": "Look", "data": {"jobId": "j-1", "rate": 12}}
    return {"userIds": [person.id for person in people], **good, **fields}


async def post(chat: Chat, *people: Person, **fields: Any) -> dict[str, Any]:
    posted: dict[str, Any] = (await chat.admin("POST", PATH, json=body(*people, **fields))).data
    return posted


async def get(chat: Chat, notice: dict[str, Any], **params: Any) -> Answer:
    return await chat.admin("GET", f"{PATH}/{notice['id']}", params=params)


async def wait_until_all_are(chat: Chat, notice: dict[str, Any], state: str, count: int = 1) -> dict[str, Any]:
    """The notice, once everybody's is in this state."""
    while True:
        seen: dict[str, Any] = (await get(chat, notice)).data
        if seen["states"] == {state: count}:
            return seen


def soon(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


async def test_a_notice_reaches_the_pocket_of_somebody_offline(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    notice = await post(chat, person)
    push = await phone.wait_for()
    assert push.message["notification"] == {"title": "A job for you", "body": "Look"}
    assert push.data | {"notificationId": ""} == {
        "jobId": "j-1",
        "rate": "12",
        "type": "job_match",
        "badge": "0",
        "notificationId": "",
    }
    seen = await wait_until_all_are(chat, notice, "sent")
    [delivery] = seen["deliveries"]
    assert delivery["userId"] == person.id
    assert [(event["state"], event["deviceId"], event["reason"]) for event in delivery["events"]] == [
        ("scheduled", None, None),
        ("sent", phone.device_id, "fcm"),
    ]


async def test_a_notice_as_large_as_may_be_reaches_phones_and_browsers(
    chat: Chat, new_phone: NewPhone, new_browser: NewBrowser
) -> None:
    person, phone, browser = await chat.person(), new_phone(), new_browser()
    await phone.sign_in(person)
    await browser.sign_in(person)
    notice = await post(
        chat, person, title="💼" * 400, body='"' * 600, data={"from": "a", "google.b": "c", "text": "x" * 1200}
    )
    push = await phone.wait_for()
    assert push.body == '"' * 199 + "…"
    assert set(push.data) == {"type", "notificationId", "badge"}
    await browser.wait_for()
    await wait_until_all_are(chat, notice, "sent")
    [entry] = (await person.get("/api/notifications")).data
    assert (entry["body"], len(entry["data"]["text"])) == ('"' * 600, 1200)


async def test_names_that_fcm_keeps_for_itself_are_left_out(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    await post(chat, person, data={"from": "a", "message_type": "b", "google.c": "d", "gcmE": "f", "jobId": "j-1"})
    assert set((await phone.wait_for()).data) == {"jobId", "type", "notificationId", "badge"}


async def test_somebody_in_the_chat_sees_it_at_once_and_is_pushed_after_the_grace_time(
    chat: Chat, new_phone: NewPhone
) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    desk = await person.connect()
    await post(chat, person)
    await desk.wait_for("notification")
    assert phone.pushes == []
    await phone.wait_for()


async def test_what_is_read_in_the_chat_is_not_pushed(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    desk = await person.connect()
    notice = await post(chat, person)
    shown = await desk.wait_for("notification")
    await person.put(f"/api/notifications/{shown['id']}/read")
    await wait_until_all_are(chat, notice, "cancelled")
    assert phone.pushes == []


async def test_unknown_people_are_named_and_the_others_still_told(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    answer = await chat.admin("POST", PATH, json=body(person, userIds=["nobody-2", person.id, "nobody-1", person.id]))
    assert (answer.data["accepted"], answer.data["unknownUserIds"]) == (1, ["nobody-2", "nobody-1"])
    await phone.wait_for()


async def test_a_repeated_key_returns_the_first_answer_and_tells_nobody_twice(chat: Chat) -> None:
    person = await chat.person()
    key = f"key-{person.id}"
    first = await post(chat, person, idempotencyKey=key)
    assert await post(chat, person, idempotencyKey=key) == first
    assert await chat.database.fetchval("SELECT count(*) FROM notifications WHERE user_id = $1", person.id) == 1
    other = await chat.admin("POST", PATH, json=body(person, idempotencyKey=key, title="Another"))
    check_answer(other, "conflict")


async def test_one_that_is_scheduled_leaves_within_a_second_of_its_time(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    send_at = datetime.now(UTC) + timedelta(seconds=2)
    notice = await post(chat, person, sendAt=send_at.isoformat())
    assert (await person.get("/api/notifications")).data == []
    await phone.wait_for()
    lateness = (datetime.now(UTC) - send_at).total_seconds()
    assert 0 <= lateness < 1
    assert (await get(chat, notice)).data["sendAt"].startswith(send_at.isoformat(timespec="milliseconds")[:23])


async def test_one_whose_time_has_passed_goes_now(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    await post(chat, person, sendAt="2001-01-01T00:00:00Z")
    await phone.wait_for()


async def test_one_that_nobody_took_until_its_time_to_live_had_passed_is_listed_and_not_pushed(
    chat: Chat, new_phone: NewPhone
) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    notice = await post(chat, person, sendAt=soon(3600))
    async with chat.database.transaction():  # as if every worker had been down for two days
        await chat.database.execute(
            "UPDATE notices SET send_at = now() - interval '2 days' WHERE id = $1", notice["id"]
        )
        await chat.database.execute("UPDATE notifications SET due_at = now() WHERE notice_id = $1", notice["id"])
    seen = await wait_until_all_are(chat, notice, "expired")
    assert seen["deliveries"][0]["reason"] == "late"
    assert [entry["title"] for entry in (await person.get("/api/notifications")).data] == ["A job for you"]
    assert phone.pushes == []


async def test_what_was_not_sent_can_be_taken_back(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    notice = await post(chat, person, sendAt=soon(1))
    answer = await chat.admin("DELETE", f"{PATH}/{notice['id']}")
    assert answer.data == {"id": notice["id"], "cancelled": 1}
    later = await post(chat, person, sendAt=soon(1.2))
    await wait_until_all_are(chat, later, "sent")
    assert (await get(chat, notice)).data["states"] == {"cancelled": 1}
    assert len(phone.pushes) == 1
    assert (await chat.admin("DELETE", f"{PATH}/{later['id']}")).data["cancelled"] == 0


async def test_what_is_taken_back_while_it_is_shown_in_the_chat_leaves_the_list_and_is_not_pushed(
    chat: Chat, new_phone: NewPhone
) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    desk = await person.connect()
    notice = await post(chat, person)
    shown = await desk.wait_for("notification")
    assert len((await person.get("/api/notifications")).data) == 1
    assert (await chat.admin("DELETE", f"{PATH}/{notice['id']}")).data["cancelled"] == 1
    assert await desk.wait_for("notification_withdrawn") == {"ids": [shown["id"]], "seqs": {}}
    assert (await person.get("/api/notifications")).data == []
    later = await post(chat, person, title="Another")
    await wait_until_all_are(chat, later, "sent")
    assert [push.message["notification"]["title"] for push in phone.pushes] == ["Another"]


async def test_ten_thousand_people_are_told_in_one_call(chat: Chat) -> None:
    await chat.database.execute(
        "INSERT INTO users (id, email, role) SELECT 'crowd-' || n, 'crowd-' || n || '@mail.example', 'va'"
        " FROM generate_series(1, 10000) n"
    )
    people = [f"crowd-{number}" for number in range(1, 10_001)]
    answer = await chat.admin("POST", PATH, json=body(userIds=people, sendAt=soon(3600)))
    assert answer.data["accepted"] == 10_000
    page = await get(chat, answer.data, limit=100)
    assert page.data["states"] == {"scheduled": 10_000}
    assert [delivery["userId"] for delivery in page.data["deliveries"]] == sorted(people)[:100]
    after = await get(chat, answer.data, limit=100, cursor=page.next_cursor)
    assert [delivery["userId"] for delivery in after.data["deliveries"]] == sorted(people)[100:200]
    assert (await chat.admin("DELETE", f"{PATH}/{answer.data['id']}")).data["cancelled"] == 10_000


async def test_what_a_notice_says_is_cleaned(chat: Chat) -> None:
    person = await chat.person()
    notice = await post(chat, person, title="A job\x0b\u202efor you\0", body="\x1b[1mLook\x1b[0m\r\nhere\u2028now")
    seen = (await get(chat, notice)).data
    assert (seen["title"], seen["body"]) == ("A job for you", "Look\nhere\nnow")


@pytest.mark.parametrize(
    "fields",
    [
        {"userIds": []},
        {"userIds": "user-1"},
        {"userIds": ["x"] * 10_001},
        {"userIds": [1]},
        {"type": "Job Match"},
        {"type": "chat_message"},
        {"title": ""},
        {"title": None},
        {"title": "\u200b\n"},
        {"body": "\u2800"},
        {"title": "\ud800"},
        {"body": "\udfff"},
        {"data": {"key": "\ud800"}},
        {"data": {"\ud800": 1}},
        {"userIds": ["\ud800"]},
        {"body": "x" * 4096},
        {"data": []},
        {"data": {"key": "x" * 4096}},
        {"data": {"key": "\0"}},
        {"sendAt": "tomorrow"},
        {"sendAt": 12},
        {"idempotencyKey": ""},
        {"idempotencyKey": "x" * 129},
    ],
    ids=lambda fields: ascii(fields)[:40],
)
async def test_a_notice_that_makes_no_sense_is_refused(chat: Chat, fields: dict[str, Any]) -> None:
    person = await chat.person()
    content = json.dumps(body(person, **fields)).encode()  # httpx encodes no halves of characters
    answer = await chat.admin("POST", PATH, content=content)
    check_answer(answer, "bad_request")


async def test_notices_are_the_host_s_alone(chat: Chat) -> None:
    person = await chat.person()
    check_answer(await person.post(PATH, body(person)), "unauthenticated")
    check_answer(await chat.admin("GET", f"{PATH}/{'0' * 32}"), "not_found")
    check_answer(await chat.admin("DELETE", f"{PATH}/{'0' * 32}"), "not_found")
    notice = await post(chat, person)
    check_answer(await get(chat, notice, cursor="nonsense"), "bad_request")


async def test_a_notice_can_be_posted_from_a_shell(chat: Chat, new_phone: NewPhone) -> None:
    person, phone = await chat.person(), new_phone()
    await phone.sign_in(person)
    arguments = ("notify", person.id, "nobody", "--title", "From a shell", "--body", "Look", "--data", '{"jobId": "7"}')
    result = run_command(*arguments, HYRED_DATABASE_URL=chat.server.database_url)
    assert "goes to 1 people" in result.stdout, result.stderr
    assert result.stderr.strip() == "Nobody is known as nobody."
    assert result.returncode == 1
    assert (await phone.wait_for()).data["jobId"] == "7"
    wrong = run_command("notify", person.id, "--title", "", "--body", "x", HYRED_DATABASE_URL=chat.server.database_url)
    assert (wrong.returncode, wrong.stderr.strip()) == (2, "title: must not be empty.")
