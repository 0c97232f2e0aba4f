"""Admins do by their token what a console needs, and each look and act of theirs is on record."""

from typing import Any

import pytest

from tests.acceptance.bad_input import STRANGE_IDS, WRONG_TYPES, check_answer
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_moment, check_user
from tests.acceptance.test_reports import log_about

USERS = "/api/admin/users"
ROOMS = "/api/admin/rooms"
NOTICES = "/api/admin/notifications"


async def found(moderator: Person, **params: Any) -> list[str]:
    """The ids of a list of people."""
    return [user["id"] for user in (await moderator.get(USERS, **params)).data]


async def actions(moderator: Person) -> list[str]:
    """What the newest entries of the audit log say that this moderator did, newest first."""
    log = (await moderator.get("/api/admin/audit", limit=20)).data
    return [entry["action"] for entry in log if entry["actor"] == {"kind": "person", "id": moderator.id}]


async def test_a_moderator_finds_people_by_name_id_and_address(chat: Chat) -> None:
    admin, wanted = await chat.person("Sam", role="admin"), await chat.person("Wilhelmina Zuckerberg")
    for query in ("zucker", "wilhelmina z", wanted.id, wanted.email, wanted.email.upper()):
        assert (await found(admin, query=query))[0] == wanted.id, query
    [user] = (await admin.get(USERS, query=wanted.email)).data
    assert user == {
        "id": wanted.id,
        "name": "Wilhelmina Zuckerberg",
        "avatar": None,
        "role": "va",
        "headline": None,
        "timeZone": None,
        "workingHours": None,
        "email": wanted.email,
        "disabled": False,
        "erased": False,
    }
    assert await found(admin, query="nobody is called so") == []
    assert admin.id in await found(admin, query=admin.email), "also themselves"
    assert (await chat.admin("GET", USERS, params={"query": "zucker"})).data == [user]
    assert (await actions(admin))[:2] == ["users_listed", "users_listed"]


async def test_a_moderator_keeps_somebody_out_and_lets_them_back(chat: Chat) -> None:
    admin, person = await chat.person("Sam", role="admin"), await chat.person("Quentin Outsider")
    client = await person.connect()
    for _ in range(2):
        answer = await admin.request("PATCH", f"{USERS}/{person.id}", json={"disabled": True})
        assert answer.data["disabled"] is True
    await client.wait_until_disconnected()
    check_answer(await person.get("/api/users/me"), "user_not_found")
    assert await found(admin, query="outsider") == [], "names find those who are here"
    assert await found(admin, query=person.id) == [person.id]
    assert (await found(admin, disabled=True))[0] == person.id
    assert (await admin.get(f"{USERS}/{person.id}")).data["disabled"] is True
    answer = await admin.request("PATCH", f"{USERS}/{person.id}", json={"disabled": False})
    assert (answer.data["disabled"], answer.data["name"]) == (False, "Quentin Outsider")
    assert (await person.get("/api/users/me")).status == 200
    by = {"kind": "person", "id": admin.id}
    assert await log_about(chat, person.id) == [("user_enabled", by), ("user_viewed", by), ("user_disabled", by)]


async def test_the_disabled_are_listed_in_pages_the_newest_first(chat: Chat) -> None:
    admin = await chat.person("Sam", role="admin")
    people = [await chat.person() for _ in range(5)]
    for person in people:
        assert (await chat.admin("PATCH", f"{USERS}/{person.id}", json={"disabled": True})).status == 200
    ids: list[str] = []
    cursor = None
    while len(ids) < len(people):
        answer = await admin.get(USERS, disabled=True, limit=2, **({} if cursor is None else {"cursor": cursor}))
        ids += [user["id"] for user in answer.data]
        cursor = answer.next_cursor
    assert ids[:5] == [person.id for person in reversed(people)]
    [(action, actor)] = await log_about(chat, people[0].id)
    assert (action, actor["kind"]) == ("user_disabled", "key")


async def test_nobody_disables_themselves_or_whoever_is_not_there(chat: Chat) -> None:
    admin = await chat.person("Sam", role="admin")
    change = {"disabled": True}
    check_answer(await admin.request("PATCH", f"{USERS}/{admin.id}", json=change), "bad_request")
    check_answer(await admin.request("PATCH", f"{USERS}/nobody", json=change), "not_found")
    gone = await chat.person()
    assert (await chat.admin("DELETE", f"{USERS}/{gone.id}/data")).status == 200
    check_answer(await admin.request("PATCH", f"{USERS}/{gone.id}", json={"disabled": False}), "conflict")
    known = (await admin.get(f"{USERS}/{gone.id}")).data
    assert (known["name"], known["disabled"], known["erased"]) == ("Deleted user", True, True)
    assert (await admin.get("/api/users/me")).status == 200


async def test_a_moderator_sees_the_rooms_of_somebody(chat: Chat) -> None:
    admin = await chat.person("Sam", role="admin")
    va, company, room_id = await chat.pair()
    [room] = (await admin.get("/api/admin/rooms", memberId=va.id)).data
    assert (room["id"], sorted(room["memberIds"])) == (room_id, sorted((va.id, company.id)))
    assert await log_about(chat, va.id) == [("rooms_listed", {"kind": "person", "id": admin.id})]
    await chat.admin("GET", "/api/admin/rooms", params={"memberId": company.id})
    assert await log_about(chat, company.id) == [], "what a back end reads of its own is in the log of the server"


async def test_a_moderator_sees_who_is_in_a_room_and_the_look_is_on_record(chat: Chat) -> None:
    admin = await chat.person("Sam", role="admin")
    people = [await chat.person(f"Member {number}") for number in range(7)]
    room_id = await chat.room(*people, title="Onboarding")
    [listed] = (await admin.get(ROOMS, memberId=people[0].id)).data
    assert [user["id"] for user in listed["people"]] == listed["memberIds"][:5]
    room = (await admin.get(f"{ROOMS}/{room_id}")).data
    assert [user["id"] for user in room["people"]] == room["memberIds"]
    assert sorted(user["name"] for user in room["people"]) == [f"Member {number}" for number in range(7)]
    for user in room["people"]:
        check_user(user)
    assert (room["title"], room["type"], len(room["memberIds"])) == ("Onboarding", "group", 7)
    assert await log_about(chat, room_id) == [("room_viewed", {"kind": "person", "id": admin.id})]
    assert (await chat.admin("GET", f"{ROOMS}/{room_id}")).data == room
    check_answer(await admin.get(f"{ROOMS}/nothing"), "not_found")
    check_answer(await people[0].get(f"{ROOMS}/{room_id}"), "access_denied")


async def test_a_moderator_sees_how_the_server_is(chat: Chat) -> None:
    admin, person, gone = await chat.person("Sam", role="admin"), await chat.person(), await chat.person()
    await person.connect()
    await chat.admin("DELETE", f"{USERS}/{gone.id}/data")
    health = (await admin.get("/api/admin/health")).data
    assert health.pop("connectedPeople") >= 1
    assert health.pop("unfinishedErasures") >= 1, "looked at once more after a minute"
    check_moment(health.pop("startedAt"))
    assert health.pop("version")
    assert health == {"status": "ready", "reason": None, "overdueNotifications": 0}
    check_answer(await person.get("/api/admin/health"), "access_denied")


async def test_who_was_an_admin_or_is_disabled_moderates_no_more(chat: Chat) -> None:
    former, disabled = await chat.person("Sam", role="admin"), await chat.person("Kim", role="admin")
    await chat.admin("PUT", f"{USERS}/{former.id}", json={"email": former.email, "role": "va"})
    await chat.admin("PATCH", f"{USERS}/{disabled.id}", json={"disabled": True})
    for path in (USERS, ROOMS, NOTICES, "/api/admin/health", "/api/admin/reports", "/api/admin/audit"):
        check_answer(await former.get(path), "access_denied")
        check_answer(await disabled.get(path), "user_not_found")


async def test_a_moderator_sees_notices_with_their_deliveries_and_takes_them_back(chat: Chat) -> None:
    admin, person = await chat.person("Sam", role="admin"), await chat.person()
    body = {"userIds": [person.id], "type": "job_match", "title": "A job", "body": "Look", "data": {"job": 1}}
    ids = []
    for day in (1, 2, 3):
        posted = await chat.admin("POST", NOTICES, json=body | {"sendAt": f"2099-01-0{day}T00:00:00Z"})
        ids.append(posted.data["id"])
    first = await admin.get(NOTICES, limit=2)
    assert [notice["id"] for notice in first.data] == [ids[2], ids[1]]
    listed = first.data[0]
    assert (listed["title"], listed["body"], listed["data"]) == ("A job", "Look", {"job": 1})
    assert (await admin.get(NOTICES, limit=1, cursor=first.next_cursor)).data[0]["id"] == ids[0]
    notice = (await admin.get(f"{NOTICES}/{ids[0]}")).data
    assert (notice["states"], notice["deliveries"][0]["userId"]) == ({"scheduled": 1}, person.id)
    assert notice["deliveries"][0]["name"] == person.name
    for count in (1, 0):
        assert (await admin.request("DELETE", f"{NOTICES}/{ids[0]}")).data == {"id": ids[0], "cancelled": count}
    by = {"kind": "person", "id": admin.id}
    assert await log_about(chat, ids[0]) == [("notice_cancelled", by), ("notice_viewed", by)]
    for notice_id in ids[1:]:
        await chat.admin("DELETE", f"{NOTICES}/{notice_id}")


async def test_what_only_a_back_end_may_do_no_admin_does(chat: Chat) -> None:
    admin, person = await chat.person("Sam", role="admin"), await chat.person()
    doors: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", f"{USERS}/{person.id}", {"email": "new@mail.example", "role": "admin"}),
        ("POST", "/api/admin/rooms", {"type": "group", "memberIds": [admin.id]}),
        ("POST", NOTICES, {"userIds": [person.id], "type": "job_match", "title": "A", "body": "B"}),
    ]
    for method, path, body in doors:
        check_answer(await admin.request(method, path, json=body), "unauthenticated")


@pytest.mark.parametrize("body", [None, [], "x", {}, *({"disabled": value} for value in WRONG_TYPES["boolean"])])
async def test_a_change_of_a_person_that_makes_no_sense_is_refused(chat: Chat, body: Any) -> None:
    admin, person = await chat.person("Sam", role="admin"), await chat.person()
    check_answer(await admin.request("PATCH", f"{USERS}/{person.id}", json=body), "bad_request")
    assert (await person.get("/api/users/me")).status == 200


@pytest.mark.parametrize(
    "query",
    [
        f"{USERS}?limit=0",
        f"{USERS}?limit=101",
        f"{USERS}?disabled=perhaps",
        f"{USERS}?cursor=x",
        f"{USERS}?disabled=true&cursor=x",
        f"{USERS}?disabled=true&query=ana",
        f"{USERS}?query={'x' * 101}",
        f"{USERS}?query=a{'%CC%81' * 2000}",
        "/api/admin/rooms?limit=0",
        "/api/admin/rooms?cursor=x",
        f"{NOTICES}?limit=0",
        f"{NOTICES}?cursor=x",
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(chat: Chat, query: str) -> None:
    admin = await chat.person("Sam", role="admin")
    check_answer(await admin.get(query), "bad_request")


async def test_strange_ids_find_nothing(chat: Chat) -> None:
    admin = await chat.person("Sam", role="admin")
    for strange in STRANGE_IDS:
        if len(strange) < 1000 and strange.isalnum():
            for path in (f"{USERS}/{strange}", f"{ROOMS}/{strange}", f"{NOTICES}/{strange}"):
                check_answer(await admin.get(path), "not_found", "bad_request")
            check_answer(
                await admin.request("PATCH", f"{USERS}/{strange}", json={"disabled": True}), "not_found", "bad_request"
            )
