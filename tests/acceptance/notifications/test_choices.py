"""What people choose: muted rooms, quiet hours on their own clock, types, previews, devices."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.bad_input import check_answer
from tests.acceptance.notifications.conftest import NewBrowser, NewPhone
from tests.acceptance.notifications.phones import Providers, register, wait_for_state
from tests.acceptance.people import Chat, Person

PREFERENCES = "/api/notifications/preferences"
ZONES = ("Pacific/Honolulu", "America/New_York", "Europe/Madrid", "Asia/Manila")


def hours_around(moment: datetime) -> dict[str, str]:
    """Two hours, around this time of day."""
    return {"from": f"{moment - timedelta(hours=1):%H:%M}", "until": f"{moment + timedelta(hours=1):%H:%M}"}


async def choose(person: Person, **fields: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = (await person.put(PREFERENCES, fields)).data
    return chosen


async def test_whoever_chose_nothing_is_told_of_everything(chat: Chat) -> None:
    person = await chat.person()
    everything = {"push": True, "inApp": True}
    assert (await person.get(PREFERENCES)).data == {
        "types": {"chat_message": everything, "job_match": everything, "proposal_response": everything},
        "quietHours": None,
        "timeZone": None,
        "preview": True,
        "mutedRooms": {},
    }


async def test_what_is_left_out_stays_and_null_forgets(chat: Chat) -> None:
    person = await chat.person()
    quiet = {"from": "22:00", "until": "07:00"}
    await choose(person, quietHours=quiet, timeZone="Europe/Madrid")
    chosen = await choose(person, preview=False, types={"job_match": {"push": False}})
    assert (chosen["quietHours"], chosen["timeZone"], chosen["preview"]) == (quiet, "Europe/Madrid", False)
    assert chosen["types"]["job_match"] == {"push": False, "inApp": True}
    chosen = await choose(person, types={"job_match": {"inApp": False}})
    assert chosen["types"]["job_match"] == {"push": False, "inApp": False}
    chosen = await choose(person, quietHours=None, timeZone=None)
    assert (chosen["quietHours"], chosen["timeZone"], chosen["preview"]) == (None, None, False)
    assert (await person.get(PREFERENCES)).data == chosen


@pytest.mark.parametrize(
    "fields",
    [
        {"quietHours": {"from": "25:00", "until": "07:00"}},
        {"quietHours": {"from": "07:00", "until": "07:00"}},
        {"quietHours": {"from": "07:00"}},
        {"timeZone": "Mars/Olympus"},
        {"timeZone": "../../etc/passwd"},
        {"preview": "no"},
        {"types": {"Chat!": {"push": False}}},
        {"types": {"job_match": {"push": "no"}}},
        {"types": []},
    ],
    ids=str,
)
async def test_choices_that_make_no_sense_are_refused(chat: Chat, fields: dict[str, Any]) -> None:
    person = await chat.person()
    check_answer(await person.put(PREFERENCES, fields), "bad_request")


async def test_choices_that_are_made_at_once_are_all_kept(chat: Chat) -> None:
    person = await chat.person()
    types = [f"type_{number}" for number in range(20)]
    await asyncio.gather(*(person.put(PREFERENCES, {"types": {name: {"push": False}}}) for name in types))
    chosen = (await person.get(PREFERENCES)).data["types"]
    assert all(chosen.get(name) == {"push": False, "inApp": True} for name in types)


async def test_a_muted_room_makes_no_push_but_is_listed(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    until = "2999-01-01T00:00:00.000Z"
    muted = await company.put(f"/api/chat/rooms/{room_id}/mute", {"until": until})
    assert muted.data == {"roomId": room_id, "mutedUntil": until}
    assert (await company.get(PREFERENCES)).data["mutedRooms"] == {room_id: until}
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "cancelled", "muted")
    assert [entry["body"] for entry in (await company.get("/api/notifications")).data] == ["Hello"]
    assert phone.pushes == []


async def test_a_room_that_is_blocked_before_the_first_look_makes_no_push(chat: Chat, new_phone: NewPhone) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme", role="company")
    room_id = await chat.room(va, company)
    phone = new_phone()
    await phone.sign_in(company)
    await va.post_message(room_id, "Hello")
    await chat.save_room([va, company], id=room_id, type="group", status="blocked")
    await wait_for_state(chat, company, "cancelled", "blocked")
    assert phone.pushes == []


async def test_a_room_that_is_muted_no_more_makes_pushes(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    path = f"/api/chat/rooms/{room_id}/mute"
    await company.put(path, {"until": "2999-01-01T00:00:00Z"})
    assert (await company.put(path, {"until": None})).data["mutedUntil"] is None
    assert (await company.put(path, {"until": "2001-01-01T00:00:00Z"})).data["mutedUntil"] is None
    await va.post_message(room_id, "Hello")
    await phone.wait_for()


async def test_a_room_of_others_cannot_be_muted(chat: Chat) -> None:
    _, _, room_id = await chat.pair()
    stranger = await chat.person("Eve")
    check_answer(await stranger.put(f"/api/chat/rooms/{room_id}/mute", {"until": None}), "access_denied")
    check_answer(await stranger.put(f"/api/chat/rooms/{room_id}/mute", {"until": "soon"}), "bad_request")
    check_answer(await stranger.put(f"/api/chat/rooms/{room_id}/mute", {}), "bad_request")


@pytest.mark.parametrize("zone", ZONES)
async def test_quiet_hours_are_those_of_one_s_own_clock(chat: Chat, new_phone: NewPhone, zone: str) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await choose(company, timeZone=zone, quietHours=hours_around(datetime.now(ZoneInfo(zone))))
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "cancelled", "quiet_hours")
    assert len((await company.get("/api/notifications")).data) == 1
    assert phone.pushes == []


async def test_who_moves_to_another_time_zone_takes_the_quiet_hours_along(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company, timeZone="UTC")
    await choose(company, quietHours=hours_around(datetime.now(UTC)))
    await va.post_message(room_id, "At home")
    await wait_for_state(chat, company, "cancelled", "quiet_hours")
    await phone.sign_in(company, timeZone="Pacific/Honolulu")
    await va.post_message(room_id, "Abroad")
    await phone.wait_for()


async def test_a_type_that_is_not_to_be_pushed_is_only_listed(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await choose(company, types={"chat_message": {"push": False}})
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "cancelled", "preferences")
    assert len((await company.get("/api/notifications")).data) == 1
    assert phone.pushes == []


async def test_a_type_that_is_not_to_be_shown_in_the_chat_is_only_pushed(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone, desk = new_phone(), await company.connect()
    await phone.sign_in(company)
    await choose(company, types={"chat_message": {"inApp": False}})
    await wait_until_signals_were_heard(chat)
    await va.post_message(room_id, "Hello")
    await phone.wait_for()
    await desk.catch_up()
    assert desk.received("notification") == []
    assert (await company.get("/api/notifications")).data == []


async def test_what_is_shown_on_phones_only_is_withdrawn_from_them_by_reading(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await choose(company, types={"chat_message": {"inApp": False}})
    for number in (1, 2):
        message = await va.post_message(room_id, "Hello")
        await phone.wait_for(2 * number - 1)
        await wait_for_state(chat, company, "sent")
        await company.put(f"/api/chat/messages/{message['id']}/read")
        assert (await phone.wait_for(2 * number)).data["withdrawn"] == "true"
        await wait_for_state(chat, company, "read")
        await chat.database.execute("UPDATE notifications SET rests_until = NULL WHERE user_id = $1", company.id)


async def test_a_change_of_one_person_s_choices_leaves_the_others_as_they_are(chat: Chat) -> None:
    va, first, second = [await chat.person(name) for name in ("Ana", "Bea", "Cho")]
    room_id = await chat.room(va, first, second)
    desks = [await person.connect() for person in (first, second)]
    for person in (first, second):
        await choose(person, types={"chat_message": {"inApp": False}})
    await choose(first, types={"chat_message": {"inApp": True}})
    await wait_until_signals_were_heard(chat)
    await va.post_message(room_id, "Hello")
    await desks[0].wait_for("notification")
    await desks[1].catch_up()
    assert desks[1].received("notification") == []


async def wait_until_signals_were_heard(chat: Chat) -> None:
    """Wait until the server has heard of what was chosen: signals come in order, and this one comes back."""
    person = await chat.person("Probe")
    desk = await person.connect()
    body = {"userIds": [person.id], "type": "job_match", "title": "Probe", "body": "Probe"}
    assert (await chat.admin("POST", "/api/admin/notifications", json=body)).status == 200
    await desk.wait_for("notification")


async def test_without_previews_a_push_says_nothing_of_what_was_written(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await choose(company, preview=False)
    await va.post_message(room_id, "My salary is secret")
    push = await phone.wait_for()
    assert push.message["notification"] == {"title": "Hyred Chat", "body": "New message"}
    assert "secret" not in str(push.message)


async def test_each_device_is_told_in_its_own_language(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    english, spanish = new_phone(), new_phone()
    await english.sign_in(company, locale="en-GB")
    await spanish.sign_in(company, locale="es-MX")
    for number in range(3):
        await va.post_message(room_id, f"Number {number}")
    assert (await english.wait_for()).body == "3 new messages"
    assert (await spanish.wait_for()).body == "3 mensajes nuevos"


async def test_a_phone_is_that_of_whoever_signed_in_last(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    first_id = phone.device_id
    await phone.sign_in(va)
    assert phone.device_id != first_id
    await va.post_message(room_id, "For the company")
    await wait_for_state(chat, company, "sent", "log")
    assert phone.pushes == []
    await company.post_message(room_id, "For the va")
    assert (await phone.wait_for()).body == "For the va"


async def test_signing_out_ends_pushes(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    await phone.sign_out(company)
    gone = await company.request("DELETE", f"/api/push/devices/{phone.token}")
    assert gone.data == {"removed": False}
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "sent", "log")
    assert phone.pushes == []


async def test_nobody_signs_somebody_else_s_phone_out(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    assert (await va.request("DELETE", f"/api/push/devices/{phone.token}")).data == {"removed": False}
    await va.post_message(room_id, "Hello")
    await phone.wait_for()


async def test_browsers_learn_the_key_to_subscribe_with(chat: Chat, providers: Providers) -> None:
    person = await chat.person()
    assert (await person.get("/api/push/web-key")).data == {"key": providers.web_key}


@pytest.mark.parametrize(
    ("token", "fields"),
    [
        ("short", {}),
        ("x" * 2049, {}),
        ("with%20space", {}),
        ("token-12345", {"platform": "toaster"}),
        ("token-12345", {"platform": None}),
        ("token-12345", {"timeZone": 3}),
        ("token-12345", {"appVersion": 12}),
        ("token-12345", {"platform": "web", "subscription": {"keys": {"p256dh": "x", "auth": "y"}}}),
        ("token-12345", {"platform": "web", "subscription": {"keys": {"p256dh": "B" + "A" * 86, "auth": "A" * 22}}}),
    ],
    ids=str,
)
async def test_a_device_that_makes_no_sense_is_refused(chat: Chat, token: str, fields: dict[str, Any]) -> None:
    person = await chat.person()
    answer = await person.put(f"/api/push/devices/{token}", {"platform": "android", **fields})
    check_answer(answer, "bad_request")
    named = "subscription.keys" if "subscription" in fields else next(iter(fields), "token")
    assert answer.envelope["error"].startswith(named)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Etc/Unknown", None),
        ("GMT+03:00", "GMT+03:00"),
        (" Asia/Manila ", "Asia/Manila"),
        ("UTC-05:30", "UTC-05:30"),
        ("W. Europe Standard Time", None),
        ("Mars/Olympus", None),
        ("../../etc/passwd", None),
        ("", None),
        ("x" * 200, None),
        ("a\0b", None),
        ("\u202eeporuE", None),
    ],
    ids=lambda value: ascii(value)[:30],
)
async def test_a_device_is_registered_whatever_it_calls_its_time_zone(
    chat: Chat, new_phone: NewPhone, said: str, kept: str | None
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    answer = await company.put("/api/push/devices", {"platform": "android", "token": phone.token, "timeZone": said})
    assert answer.data["timeZone"] == kept
    await va.post_message(room_id, "Hello")
    await phone.wait_for()


async def test_quiet_hours_are_on_the_clock_of_a_phone_that_names_its_distance_to_greenwich(
    chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await chat.pair()
    phone = new_phone()
    await phone.sign_in(company, timeZone="GMT+09:30")
    await choose(company, quietHours=hours_around(datetime.now(UTC) + timedelta(hours=9.5)))
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "cancelled", "quiet_hours")
    assert phone.pushes == []


@pytest.mark.parametrize("word", ["", "x" * 65, "a\0b", "\u202ees"], ids=ascii)
async def test_a_device_is_registered_without_what_cannot_be_used_of_it(chat: Chat, word: str) -> None:
    person = await chat.person()
    fields = {"platform": "ios", "token": f"{person.id}-phone", "locale": word, "appVersion": word}
    device = (await person.put("/api/push/devices", fields)).data
    assert (device["locale"], device["appVersion"]) == (None, None)


async def test_a_device_s_token_need_not_be_in_any_address(chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await chat.pair()
    phone, fields = new_phone(), {"platform": "android", "locale": "en"}
    device = (await company.put("/api/push/devices", {**fields, "token": phone.token})).data
    await phone.sign_in(company, locale="en")
    assert phone.device_id == device["id"]
    gone = [(await company.post("/api/push/devices/remove", {"token": phone.token})).data for _ in range(2)]
    assert gone == [{"removed": True}, {"removed": False}]
    check_answer(await company.put("/api/push/devices", fields), "bad_request")
    check_answer(await company.post("/api/push/devices/remove", {"token": "short"}), "bad_request")
    await va.post_message(room_id, "Hello")
    await wait_for_state(chat, company, "sent", "log")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://10.0.0.1/send/1",
        "http://fcm.googleapis.com/send/1",
        "https://127.0.0.1/send/1",
        "https://127.0.0.1.evil.example/1",
        "https://user@127.0.0.1/1",
        "not-an-address",
    ],
)
async def test_the_server_sends_pushes_to_push_services_only(
    chat: Chat, new_browser: NewBrowser, endpoint: str
) -> None:
    person = await chat.person()
    subscription = new_browser().subscription
    body = {"platform": "web", "subscription": subscription}
    check_answer(await person.put(f"/api/push/devices/{quote(endpoint, safe='')}", body), "bad_request")


async def test_a_person_has_twenty_devices_at_most(chat: Chat) -> None:
    person = await chat.person()
    for number in range(25):
        await register(person, f"{person.id}-device-{number}")
    tokens = await chat.database.fetch("SELECT token FROM device_tokens WHERE user_id = $1", person.id)
    assert {row["token"] for row in tokens} == {f"{person.id}-device-{number}" for number in range(5, 25)}
