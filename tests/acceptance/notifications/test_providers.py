"""What providers answer, and what becomes of a push then."""

import json
import time
from typing import Any

import pytest

from tests.acceptance.notifications.conftest import NewBrowser, NewPhone
from tests.acceptance.notifications.phones import wait_for_state
from tests.acceptance.people import Chat, Person
from tests.providers.answers import GARBAGE, NOTHING, Answer
from tests.providers.fcm import UNREGISTERED, FakeFcm
from tests.providers.web_push import FakePushService


async def devices_of(chat: Chat, person: Person) -> int:
    count: int = await chat.database.fetchval("SELECT count(*) FROM device_tokens WHERE user_id = $1", person.id)
    return count


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(status) for status in (302, 401, 404, 408, 500, 503)),
        Answer(429, headers={"Retry-After": "1"}),
        Answer(403, b'{"error": {"status": "PERMISSION_DENIED"}}'),
        GARBAGE,
        NOTHING,
    ],
    ids=["302", "401", "404", "408", "500", "503", "429", "403", "garbage", "nothing"],
)
async def test_a_push_that_failed_for_now_is_tried_again(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone, answer: Answer
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, answer)
    await va.post_message(room_id, "Hello")
    again = await phone.wait_for(2)
    assert again.collapse_key == phone.pushes[0].collapse_key
    await wait_for_state(chat, company, "sent")


async def test_a_provider_that_asks_for_time_gets_it(chat: Chat, fcm: FakeFcm, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, Answer(429, headers={"Retry-After": "3"}))
    await va.post_message(room_id, "Hello")
    again = await phone.wait_for(2)
    assert again.at - phone.pushes[0].at >= 3


async def test_only_the_device_that_failed_is_tried_again(chat: Chat, fcm: FakeFcm, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    good, bad = new_phone(), new_phone()
    await good.sign_in(company)
    await bad.sign_in(company)
    fcm.answers.add(bad.token, Answer(500))
    await va.post_message(room_id, "Hello")
    await bad.wait_for(2)
    assert len(good.pushes) == 1


async def test_the_time_that_one_provider_asks_for_is_no_other_provider_s(
    chat: Chat, fcm: FakeFcm, push_service: FakePushService, new_phone: NewPhone, new_browser: NewBrowser
) -> None:
    va, company, room_id = await chat.pair()
    phone, browser = new_phone(), new_browser()
    await phone.sign_in(company)
    await browser.sign_in(company)
    fcm.answers.add(phone.token, Answer(503, headers={"Retry-After": "60"}))
    push_service.answers.add(browser.endpoint, Answer(503))
    await va.post_message(room_id, "Hello")
    await browser.wait_for(2)
    assert browser.pushes[1].at - browser.pushes[0].at < 10
    assert len(phone.pushes) == 1


async def test_a_new_message_does_not_wait_for_the_time_that_another_device_s_provider_asks_for(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone, new_browser: NewBrowser
) -> None:
    va, company, room_id = await chat.pair()
    phone, browser = new_phone(), new_browser()
    await phone.sign_in(company)
    await browser.sign_in(company)
    fcm.answers.add(phone.token, Answer(429, headers={"Retry-After": "60"}))
    await va.post_message(room_id, "Hello")
    await browser.wait_for()
    row = await wait_for_state(chat, company, "sent")
    pauses = {phone.device_id: json.loads(row["pauses"])[phone.device_id]}
    await chat.database.execute(  # as if the conversation had rested
        "UPDATE notifications SET rests_until = NULL, pauses = $2 WHERE id = $1", row["id"], json.dumps(pauses)
    )
    await va.post_message(room_id, "Are you there?")
    assert (await browser.wait_for(2)).payload["body"] == "2 new messages"
    assert len(phone.pushes) == 1


async def test_what_a_browser_has_is_not_sent_to_it_again_while_a_phone_is_tried(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone, new_browser: NewBrowser
) -> None:
    va, company, room_id = await chat.pair()
    phone, browser = new_phone(), new_browser()
    await phone.sign_in(company)
    await browser.sign_in(company)
    fcm.answers.add(phone.token, *[Answer(503)] * 3)
    for number in range(1, 5):  # the conversation goes on, and each try tells of all that has come by then
        await va.post_message(room_id, f"Number {number}")
        await phone.wait_for(number)
    assert phone.pushes[-1].body != phone.pushes[0].body
    assert len(browser.pushes) == 1
    await wait_for_state(chat, company, "sent")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(503, headers={"Retry-After": "Fri, 31 Dec 99999999999 23:59:59 GMT"}),
        Answer(429, headers={"Retry-After": "nan"}),
        Answer(400, b'{"error": {"status": "INVALID_ARGUMENT", "details": [{"errorCode": "NO\\u0000T"}]}}'),
        Answer(400, b'{"error": {"status": "' + b"X" * 50_000 + b'"}}'),
        Answer(400, b'{"error": {"details": [{"errorCode": "\\ud800"}]}}'),
        Answer(400, b"[" * 60_000),
        Answer(403, b'{"error": {"status": {"a": "PERMISSION_DENIED"}}}'),
    ],
    ids=["year", "nan", "null", "long", "half", "nested", "object"],
)
async def test_whatever_a_provider_answers_is_noted_in_a_word_and_no_other_device_s_matter(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone, new_browser: NewBrowser, answer: Answer
) -> None:
    va, company, room_id = await chat.pair()
    phone, browser = new_phone(), new_browser()
    await phone.sign_in(company)
    await browser.sign_in(company)
    fcm.answers.add(phone.token, answer)
    await va.post_message(room_id, "Hello")
    row = await wait_for_state(chat, company, "sent")
    reasons = await chat.database.fetch(
        "SELECT reason FROM notification_events WHERE notification_id = $1 AND device_id = $2",
        row["id"],
        phone.device_id,
    )
    assert all(0 < len(reason["reason"]) <= 64 for reason in reasons)
    assert len(reasons) == len(browser.pushes) == 1


async def test_what_was_read_while_the_provider_was_down_is_not_tried_again(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, Answer(503, headers={"Retry-After": "3"}))
    message = await va.post_message(room_id, "Hello")
    await phone.wait_for()
    await wait_for_state(chat, company, "scheduled", "http_503")
    await company.put(f"/api/chat/messages/{message['id']}/read")
    await wait_for_state(chat, company, "cancelled", "read")
    assert len(phone.pushes) == 1


@pytest.mark.parametrize("answer", [UNREGISTERED], ids=["unregistered"])
async def test_a_device_that_fcm_does_not_know_any_more_is_forgotten_at_once(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone, answer: Answer
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, answer)
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "failed", "unregistered")
    assert await devices_of(chat, company) == 0


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_has_ended_is_forgotten_at_once(
    chat: Chat, push_service: FakePushService, new_browser: NewBrowser, status: int
) -> None:
    va, company, room_id = await chat.pair()
    browser = new_browser()
    await browser.sign_in(company)
    push_service.answers.add(browser.endpoint, Answer(status))
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "failed", f"http_{status}")
    assert await devices_of(chat, company) == 0


async def test_a_browser_s_push_is_tried_again_too(
    chat: Chat, push_service: FakePushService, new_browser: NewBrowser
) -> None:
    va, company, room_id = await chat.pair()
    browser = new_browser()
    await browser.sign_in(company)
    push_service.answers.add(browser.endpoint, Answer(429, headers={"Retry-After": "1"}), Answer(500), NOTHING)
    await va.post_message(room_id, "Hello")
    await browser.wait_for(4)
    await wait_for_state(chat, company, "sent")


async def test_a_push_that_the_provider_refuses_for_good_has_failed(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, Answer(400, b'{"error": {"status": "INVALID_ARGUMENT"}}'))
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "failed", "invalid_argument")
    assert await devices_of(chat, company) == 1


async def test_an_access_token_is_used_for_many_pushes_and_replaced_when_it_is_refused(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "One")
    await phone.wait_for()
    logins = fcm.logins
    fcm.revoke_tokens()
    other = await chat.room(va, company)
    await va.post_message(other, "Two")
    await phone.wait_for(2)
    assert fcm.logins == logins + 1


async def test_a_401_that_is_about_the_device_s_own_service_costs_no_access_token(
    chat: Chat, fcm: FakeFcm, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, Answer(401, b'{"error": {"details": [{"errorCode": "THIRD_PARTY_AUTH_ERROR"}]}}'))
    await va.post_message(room_id, "Hello")
    await phone.wait_for()
    logins = fcm.logins
    await phone.wait_for(2)
    assert fcm.logins == logins


async def test_a_provider_that_is_down_delays_no_message(chat: Chat, fcm: FakeFcm, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    fcm.answers.add(phone.token, NOTHING, NOTHING)
    client = await va.connect(join=room_id)
    await client.send(room_id, "First")
    await phone.wait_for()
    slowest = 0.0
    for number in range(30):
        started = time.monotonic()
        await client.send(room_id, f"Number {number}")
        slowest = max(slowest, time.monotonic() - started)
    assert slowest < 0.5


async def test_somebody_without_a_device_has_it_in_the_list(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "sent", "log")
    [entry] = await entries(company)
    assert (entry["title"], entry["body"], entry["read"]) == ("Ana", "Hello", False)


async def entries(person: Person, **params: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await person.get("/api/notifications", **params)).data
    return listed
