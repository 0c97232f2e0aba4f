"""A host provisions people."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.schemas import User
from hyred_chat.db.pool import Database

ANA = {"email": "Ana@Example.com", "role": "va", "name": "Ana Lopez", "avatar": "https://pictures.example/ana.png"}
NO_PROFILE = {"headline": None, "timeZone": None, "workingHours": None}


async def put(host: httpx.AsyncClient, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    response = await host.put(f"/api/admin/users/{quote(user_id, safe='')}", json=body)
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


async def signs_in(host: httpx.AsyncClient, name: str) -> tuple[int, Any]:
    response = await host.get("/api/users/me", headers={"Authorization": f"Bearer dev-token-{name}"})
    return response.status_code, response.json().get("data")


async def count_rows(database: Database) -> list[int]:
    async with database.connection() as connection:
        return [
            await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608, constants
            for table in ("users", "va_profiles", "companies")
        ]


async def test_a_new_person_signs_in_at_once(host: httpx.AsyncClient) -> None:
    expected = {"id": "ana", "name": "Ana Lopez", "avatar": ANA["avatar"], "role": "va"}
    provisioned = {**expected, **NO_PROFILE, "email": "Ana@Example.com", "disabled": False, "erased": False}
    assert (await signs_in(host, "ana"))[0] == 403
    assert await put(host, "ana", ANA) == provisioned
    assert await signs_in(host, "ana") == (200, expected)
    assert await signs_in(host, "ana@example.com") == (200, expected)
    response = await host.get("/api/admin/users/ana")
    assert response.json()["data"] == provisioned


async def test_the_same_request_again_changes_nothing(
    host: httpx.AsyncClient, database: Database, user_changes: list[UserChange]
) -> None:
    first = await put(host, "ana", ANA)
    assert await put(host, "ana", ANA) == first
    assert await count_rows(database) == [1, 1, 0]
    assert len(user_changes) == 1


async def test_the_same_request_many_times_at_once_makes_one_person(
    host: httpx.AsyncClient, database: Database, user_changes: list[UserChange]
) -> None:
    for number in range(10):  # two inserts meet in a moment that not every round has
        person = {**ANA, "email": f"ana{number}@example.com"}
        answers = await asyncio.gather(*(put(host, f"ana{number}", person) for _ in range(20)))
        assert all(answer == answers[0] for answer in answers)
        assert len(user_changes) == number + 1
    assert await count_rows(database) == [10, 10, 0]


async def test_what_is_left_out_stays_and_null_removes(host: httpx.AsyncClient) -> None:
    await put(host, "ana", {**ANA, "disabled": True})
    kept = await put(host, "ana", {"email": "new@example.com", "role": "va"})
    assert kept == {
        "id": "ana", "name": "Ana Lopez", "avatar": ANA["avatar"], "role": "va",
        "email": "new@example.com", "disabled": True, "erased": False, **NO_PROFILE,
    }  # fmt: skip
    bare = {"email": "new@example.com", "role": "va", "name": None, "avatar": None, "disabled": None}
    removed = await put(host, "ana", bare)
    assert (removed["name"], removed["avatar"], removed["disabled"]) == ("new", None, True)


PROFILE = {
    "headline": "Calms chaotic inboxes",
    "timeZone": "Asia/Manila",
    "workingHours": {"from": "22:00", "until": "06:30", "days": [7, 1, 2]},
}


async def test_a_profile_is_told_and_what_is_left_out_of_it_stays(host: httpx.AsyncClient) -> None:
    hours = {"from": "22:00", "until": "06:30", "days": [1, 2, 7]}
    first = await put(host, "ana", {**ANA, **PROFILE})
    assert {name: first[name] for name in PROFILE} == {**PROFILE, "workingHours": hours}
    assert await put(host, "ana", ANA) == first
    removed = await put(host, "ana", {**ANA, "headline": None})
    assert {name: removed[name] for name in PROFILE} == {**PROFILE, "headline": None, "workingHours": hours}
    everyday = await put(host, "ana", {**ANA, "timeZone": None, "workingHours": {"from": "09:00", "until": "17:00"}})
    assert everyday["timeZone"] is None
    assert everyday["workingHours"] == {"from": "09:00", "until": "17:00", "days": [1, 2, 3, 4, 5]}
    assert {name: (await put(host, "ana", {**ANA, **NO_PROFILE}))[name] for name in NO_PROFILE} == NO_PROFILE


@pytest.mark.parametrize(
    "profile",
    [
        {"headline": ""},
        {"headline": "x" * 201},
        {"timeZone": "Atlantis/Capital"},
        {"workingHours": {"from": "9:00", "until": "17:00"}},
        {"workingHours": {"from": "09:00", "until": "09:00"}},
        {"workingHours": {"from": "09:00"}},
        {"workingHours": {"from": "09:00", "until": "17:00", "days": []}},
        {"workingHours": {"from": "09:00", "until": "17:00", "days": [1, 1]}},
        {"workingHours": {"from": "09:00", "until": "17:00", "days": [0]}},
        {"workingHours": {"from": "09:00", "until": "17:00", "days": ["1"]}},
    ],
)
async def test_a_profile_that_says_nothing_sensible_is_refused(
    host: httpx.AsyncClient, profile: dict[str, object]
) -> None:
    response = await host.put("/api/admin/users/ana", json={**ANA, **profile})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


async def test_a_person_without_a_name_is_called_by_their_address(host: httpx.AsyncClient) -> None:
    assert (await put(host, "bare", {"email": "just.me@example.com", "role": "va"}))["name"] == "just.me"
    pictured = await put(host, "bare", {"email": "just.me@example.com", "role": "va", "avatar": "/me.png"})
    assert (pictured["name"], pictured["avatar"]) == ("just.me", "/me.png")


async def test_a_role_that_changes_takes_the_profile_along(host: httpx.AsyncClient, database: Database) -> None:
    await put(host, "ana", ANA)
    for role, tables in (("company", [1, 0, 1]), ("admin", [1, 1, 0]), ("va", [1, 1, 0])):
        changed = await put(host, "ana", {"email": "ana@example.com", "role": role})
        assert (changed["role"], changed["name"], changed["avatar"]) == (role, "Ana Lopez", ANA["avatar"])
        assert await count_rows(database) == tables


async def test_disabling_is_announced_and_ends_signing_in(
    host: httpx.AsyncClient, user_changes: list[UserChange]
) -> None:
    await put(host, "ana", ANA)
    assert (await signs_in(host, "ana"))[0] == 200
    await put(host, "ana", {**ANA, "disabled": True})
    assert (await signs_in(host, "ana"))[0] == 403
    await put(host, "ana", {**ANA, "disabled": False})
    assert (await signs_in(host, "ana"))[0] == 200
    user = User(id="ana", name="Ana Lopez", avatar=ANA["avatar"], role="va")
    assert user_changes == [UserChange(user, disabled, ANA["email"]) for disabled in (False, True, False)]


async def test_a_changed_name_and_address_show_at_once(host: httpx.AsyncClient) -> None:
    await put(host, "ana", ANA)
    await signs_in(host, "ana@example.com")
    await put(host, "ana", {"email": "ana@new.example", "role": "va", "name": "Ana Lopez-Ruiz"})
    assert (await signs_in(host, "ana@example.com"))[0] == 403
    status, user = await signs_in(host, "ana@new.example")
    assert (status, user["name"]) == (200, "Ana Lopez-Ruiz")


async def test_an_address_of_somebody_else_is_a_conflict(
    host: httpx.AsyncClient, database: Database, user_changes: list[UserChange]
) -> None:
    await put(host, "ana", ANA)
    await put(host, "bea", {"email": "bea@example.com", "role": "company"})
    for user_id in ("bea", "new"):
        response = await host.put(f"/api/admin/users/{user_id}", json={**ANA, "email": "aNA@example.com"})
        assert (response.status_code, response.json()["code"]) == (409, "conflict")
        assert "users_email" not in response.text
        assert "details" not in response.json()
    assert await count_rows(database) == [2, 1, 0]
    assert len(user_changes) == 2


async def test_two_people_may_not_take_one_address_at_the_same_time(host: httpx.AsyncClient) -> None:
    body = {"email": "desk@example.com", "role": "va"}
    responses = await asyncio.gather(*(host.put(f"/api/admin/users/u{number}", json=body) for number in range(10)))
    assert sorted(response.status_code for response in responses) == [200] + [409] * 9


async def test_ids_are_the_hosts_own(host: httpx.AsyncClient) -> None:
    for number, user_id in enumerate(
        ["x" * 128, "auth0|5f7c", "a/b", "a b", "a:b", "Ünï", "日本", "🙂", "50%", "a?b#c"]
    ):
        saved = await put(host, user_id, {"email": f"a{number}@example.com", "role": "va"})
        assert saved["id"] == user_id
        response = await host.get(f"/api/admin/users/{quote(user_id, safe='')}")
        assert response.json()["data"]["id"] == user_id


async def test_an_id_that_is_none_is_a_bad_request(host: httpx.AsyncClient, database: Database) -> None:
    for user_id in ("x" * 129, "%20a", "a%20", "a%00b", "a%09b", "a%7Fb", "a%C2%A0b", "a%E2%80%AEb"):
        response = await host.put(f"/api/admin/users/{user_id}", json=ANA)
        assert (response.status_code, response.json().get("code")) == (400, "bad_request"), user_id
    assert await count_rows(database) == [0, 0, 0]


async def test_a_body_that_is_none_is_a_bad_request(host: httpx.AsyncClient, database: Database) -> None:
    headers = {"Content-Type": "application/json"}
    surrogate = b'{"email": "a@example.com", "role": "va", "name": "\\ud800"}'
    for body in (b"", b"null", b"[]", b"7", b"{", b"{}", b"[" * 50_000, b'{"email": "\xff"}', surrogate):
        response = await host.put("/api/admin/users/ana", content=body, headers=headers)
        assert (response.status_code, response.json().get("code")) == (400, "bad_request"), body[:50]
    assert await count_rows(database) == [0, 0, 0]


async def test_a_refused_value_is_named_and_not_repeated(host: httpx.AsyncClient, database: Database) -> None:
    response = await host.put("/api/admin/users/ana", json={**ANA, "avatar": "javascript:alert(1)"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")
    assert response.json()["error"].startswith("avatar: must be")
    assert "javascript" not in response.text
    assert await count_rows(database) == [0, 0, 0]


async def test_fields_that_nobody_knows_are_ignored(host: httpx.AsyncClient) -> None:
    assert (await put(host, "ana", {**ANA, "plan": "gold", "id": "other"}))["id"] == "ana"


async def test_a_person_who_is_not_there_is_not_found(host: httpx.AsyncClient) -> None:
    response = await host.get("/api/admin/users/nobody")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
