"""`/api/users` over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest

from hyred_chat.db.pool import Database
from tests.integration.accounts.people import add_person

pytestmark = pytest.mark.usefixtures("people")

ANA = {"Authorization": "Bearer dev-token-ana"}


async def search(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    response = await client.get("/api/users", params=parameters, headers=ANA)
    assert response.status_code == 200, response.text
    return [user["name"] for user in response.json()["data"]]


@pytest.fixture
async def people(database: Database) -> None:
    await add_person(database, "ana", name="Ana Lopez")
    for number, name in enumerate(
        ["Maria Ortiz", "Omar Mariani", "Annamaria", "mario", "100% Remote", "a_b", "back\\s"]
    ):
        await add_person(database, f"p{number}", name=name)
    await add_person(database, "co", role="company", name="Zebra & Sons", avatar="/zebra.png")
    await add_person(database, "off", name="Maria Disabled", disabled=True)
    await add_person(database, "bare", email="ümit.kaya@example.com")


async def test_me_is_the_bearer_without_an_address(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/users/me", headers=ANA)
    assert response.status_code == 200
    assert response.json() == {
        "success": True,
        "data": {"id": "ana", "name": "Ana Lopez", "avatar": None, "role": "va"},
    }


async def test_a_caller_who_is_nobody_is_refused(client: httpx.AsyncClient) -> None:
    refusals: list[tuple[dict[str, Any], int, str]] = [
        ({}, 401, "unauthenticated"),
        ({"Authorization": ""}, 401, "unauthenticated"),
        ({"Authorization": "Bearer"}, 401, "unauthenticated"),
        ({"Authorization": "Basic ZGV2OmRldg=="}, 401, "unauthenticated"),
        ({"Authorization": "Bearer garbage"}, 401, "unauthenticated"),
        ({"Authorization": b"Bearer \xff\xfe"}, 401, "unauthenticated"),
        ({"Authorization": "Bearer dev-token-" + "x" * 20_000}, 401, "unauthenticated"),
        ({"Authorization": "Bearer dev-token-stranger@example.com"}, 403, "user_not_found"),
        ({"Authorization": "bearer dev-token-off"}, 403, "user_not_found"),
    ]
    for headers, status, code in refusals:
        for path in ("/api/users/me", "/api/users"):
            response = await client.get(path, headers=headers)
            assert (response.status_code, response.json()["code"]) == (status, code), headers
            assert response.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)


async def test_names_with_a_word_that_begins_so_are_found_in_its_order(client: httpx.AsyncClient) -> None:
    assert await search(client, query="mari") == ["Maria Ortiz", "Omar Mariani", "mario"]
    assert await search(client, query="  MARIA   ort ") == ["Maria Ortiz"]
    assert await search(client, query="maria", limit=1) == ["Maria Ortiz"]


async def test_search_finds_letters_and_not_patterns(client: httpx.AsyncClient) -> None:
    assert await search(client, query="100%") == ["100% Remote"]
    assert await search(client, query="a_b") == ["a_b"]
    assert await search(client, query="back\\") == ["back\\s"]
    for query in ("%", "_", "\\"):
        assert await search(client, query=query) == []
    assert await search(client, query="' OR 1=1 --") == []


async def test_search_ignores_case_in_every_script(client: httpx.AsyncClient) -> None:
    assert await search(client, query="ÜMIT") == ["ümit.kaya"]


async def test_search_leaves_out_oneself_and_disabled_people_and_addresses(client: httpx.AsyncClient) -> None:
    assert await search(client, query="ana lopez") == []
    assert await search(client, query="disabled") == []
    assert await search(client, query="example.com") == []


async def test_an_empty_query_lists_everybody_by_name(client: httpx.AsyncClient) -> None:
    everybody = ["100% Remote", "a_b", "Annamaria", "back\\s", "Maria Ortiz", "mario", "Omar Mariani", "ümit.kaya"]
    assert await search(client) == [*everybody, "Zebra & Sons"]
    assert await search(client, query="  ", limit=2) == everybody[:2]


async def test_a_company_is_shown_with_its_logo(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/users", params={"query": "zebra"}, headers=ANA)
    assert response.json()["data"] == [{"id": "co", "name": "Zebra & Sons", "avatar": "/zebra.png", "role": "company"}]


async def test_a_value_out_of_bounds_is_a_bad_request(client: httpx.AsyncClient) -> None:
    for limit in (0, 101, -1, 2**70, "ten", ""):
        response = await client.get("/api/users", params={"limit": limit}, headers=ANA)
        assert (response.status_code, response.json()["code"]) == (400, "bad_request"), limit
    response = await client.get("/api/users", params={"query": "x" * 101}, headers=ANA)
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


async def test_requests_at_the_same_time_do_not_mix_callers(client: httpx.AsyncClient) -> None:
    ids = [f"p{number}" for number in range(7)] * 5
    responses = await asyncio.gather(
        *(client.get("/api/users/me", headers={"Authorization": f"Bearer dev-token-{user_id}"}) for user_id in ids)
    )
    assert [response.json()["data"]["id"] for response in responses] == ids
