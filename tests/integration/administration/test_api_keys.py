"""Who may provision."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hyred_chat.accounts.service import Accounts
from hyred_chat.administration.api_keys import ApiKeys
from hyred_chat.db.pool import Database
from tests.integration.administration.conftest import KEYS, new_administration

# Of back ends alone. Those that moderators have as well: tests/acceptance/test_reports.py
ROUTES: list[tuple[str, str, Any]] = [
    ("POST", "/api/admin/rooms", {"type": "group", "memberIds": ["a"]}),
    ("PUT", "/api/admin/users/a", {"email": "a@example.com", "role": "va"}),
]


@pytest.mark.parametrize("key", KEYS)
async def test_each_key_opens_by_either_header(stranger: httpx.AsyncClient, key: str) -> None:
    for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
        assert (await stranger.get("/api/admin/rooms", headers=headers)).status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_every_route_is_closed_without_a_right_key(
    stranger: httpx.AsyncClient, method: str, path: str, body: object
) -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {KEYS[0]}"},
        {"Authorization": f"Bearer {KEYS[0]}x"},
        {"Authorization": f"Bearer {KEYS[0][:-1]}"},
        {"Authorization": "Bearer dev-token-admin"},
        {"X-API-Key": KEYS[0].upper()},
        {"X-API-Key": b"\xff\xfe"},
    ]
    for headers in wrong:
        response = await stranger.request(method, path, json=body, headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_without_any_key_the_answer_names_the_setting(
    app: FastAPI, database: Database, accounts: Accounts, stranger: httpx.AsyncClient
) -> None:
    app.state.administration = new_administration(database, accounts, ApiKeys([]))
    for headers in ({}, {"X-API-Key": ""}, {"X-API-Key": "guess"}):
        response = await stranger.post("/api/admin/rooms", headers=headers)
        assert response.status_code == 401
        assert "HYRED_ADMIN_API_KEYS" in response.json()["error"]


async def test_many_wrong_keys_are_slowed_down_and_a_right_one_still_opens(stranger: httpx.AsyncClient) -> None:
    statuses = [
        (await stranger.get("/api/admin/rooms", headers={"X-API-Key": f"guess-{number}"})).status_code
        for number in range(25)
    ]
    assert statuses == [401] * 20 + [429] * 5
    refused = await stranger.get("/api/admin/rooms", headers={"X-API-Key": "guess"})
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert (await stranger.get("/api/admin/rooms", headers={"X-API-Key": KEYS[1]})).status_code == 200
