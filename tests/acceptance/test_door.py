"""The door: what is decided before anything of a request but its head is read, on a real server."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import websockets

from hyred_chat.app import Application
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.http.holds import MIN_SECONDS, SECONDS_EACH
from tests.acceptance.bad_input import check_refusal
from tests.acceptance.conftest import StartChat
from tests.acceptance.failures import PATIENCE_SECONDS
from tests.acceptance.people import Chat
from tests.acceptance.server import API_KEY, UNUSED_ADDRESSES

UNUSED = Database("postgresql://", schema="unused", pool_size=1)  # never connected
PATHS: dict[str, Any] = Application(Settings.model_construct(), UNUSED).openapi()["paths"]
ROUTES = [(method.upper(), path, operation) for path, item in PATHS.items() for method, operation in item.items()]
GUARDED = [(method, path) for method, path, operation in ROUTES if "security" in operation]
READABLE = [path for path, item in PATHS.items() if "get" in item]
UNREADABLE = [path for path, item in PATHS.items() if "get" not in item]
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"
OPEN_ROUTES = {"/api/health/live", "/api/health/ready"}


def address(path: str) -> str:
    """A path with something in the place of every parameter."""
    return re.sub(r"\{[^}]+\}", "x", path)


@asynccontextmanager
async def raw(chat: Chat) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection of a stranger's, from an address of their own: what others were refused does not count for them."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", int(chat.server.port), local_addr=(next(UNUSED_ADDRESSES), 0)
    )
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


@asynccontextmanager
async def stranger(chat: Chat) -> AsyncIterator[httpx.AsyncClient]:
    """The same for requests."""
    transport = httpx.AsyncHTTPTransport(local_address=next(UNUSED_ADDRESSES))
    async with httpx.AsyncClient(base_url=chat.server.url, transport=transport) as http:
        yield http


async def read_head(reader: asyncio.StreamReader) -> str:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return (await reader.readuntil(b"\r\n\r\n")).decode()


# --- keys before bodies


def test_every_route_but_health_needs_a_token_or_a_key() -> None:
    open_routes = {path for method, path, operation in ROUTES if "security" not in operation}
    signed = {"/api/chat/files/{file_id}/{variant}", "/api/admin/reports/{report_id}/files/{file_id}/{variant}"}
    assert open_routes == OPEN_ROUTES | signed, "an address of a file is signed"


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize("secret", ["", "Authorization: Bearer dev-token-\r\n", "X-API-Key: guess\r\n"])
async def test_a_stranger_is_refused_before_the_body_comes(chat: Chat, method: str, path: str, secret: str) -> None:
    head = f"{method} {address(path)} HTTP/1.1\r\nHost: 127.0.0.1\r\n{secret}Content-Type: application/json\r\n"
    async with raw(chat) as (reader, writer):
        writer.write(f"{head}Content-Length: 60000\r\n\r\n".encode() + b"[")
        answer = await read_head(reader)
        assert answer.startswith("HTTP/1.1 401 "), answer
        assert "connection: close" in answer


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_a_stranger_s_body_is_not_parsed(chat: Chat, method: str, path: str) -> None:
    async with stranger(chat) as http:
        headers = {"Content-Type": "application/json", "X-API-Key": "guess"}
        refused = await http.request(method, address(path), content=b"{not json", headers=headers)
    assert refused.status_code == 401
    check_refusal(refused.json(), "unauthenticated")


async def test_a_host_s_large_body_is_taken_with_a_right_key_only(chat: Chat) -> None:
    person = await chat.person()
    body = {"userIds": [person.id], "type": "job_match", "title": "News", "body": "text", "data": {}}
    padding = {"padding": "x" * 500_000}
    answer = await chat.admin("POST", "/api/admin/notifications", json=body | padding)
    assert answer.status == 200, answer.text
    async with raw(chat) as (reader, writer):
        head = "POST /api/admin/notifications HTTP/1.1\r\nHost: localhost\r\nX-API-Key: no\r\n"
        writer.write(f"{head}Content-Length: 1500000\r\n\r\n".encode())
        assert (await read_head(reader)).startswith("HTTP/1.1 401 ")


async def test_refused_tokens_of_one_address_become_too_many_and_good_ones_still_pass(start_chat: StartChat) -> None:
    async with start_chat() as chat:
        person = await chat.person()

        async def guess(number: int) -> int:
            headers = {"Authorization": f"Bearer guess-{number}"}
            return (await chat.http.get("/api/users/me", headers=headers)).status_code

        assert set(await asyncio.gather(*(guess(number) for number in range(700)))) == {401, 429}
        assert (await person.get("/api/users/me")).status == 200


async def test_whoever_asks_on_although_it_is_too_much_is_answered_late_and_others_at_once(chat: Chat) -> None:
    loop = asyncio.get_running_loop()
    async with stranger(chat) as http:

        async def guess(_: int) -> tuple[int, float]:
            asked_at = loop.time()
            answer = await http.get("/api/admin/rooms", headers={"X-API-Key": "guess"})
            return answer.status_code, loop.time() - asked_at

        refused = [asyncio.create_task(guess(number)) for number in range(60)]
        assert (await refused[0])[0] == 401
        right = await http.get("/api/admin/rooms", headers={"X-API-Key": API_KEY})
        assert right.status_code == 200
        assert not all(task.done() for task in refused)
        answers = await asyncio.gather(*refused)
        late = [seconds for status, seconds in answers if status == 429]
        assert len(late) > 30
        assert min(late) >= MIN_SECONDS
        assert max(late) >= 30 * SECONDS_EACH, "the more are refused, the later"


# --- HEAD


@pytest.mark.parametrize("path", READABLE)
async def test_head_answers_as_get_does_without_a_body(chat: Chat, path: str) -> None:
    person = await chat.person()
    secret = API_KEY if "/admin/" in path else person.token
    headers = {"Authorization": f"Bearer {secret}"}
    got = await chat.http.get(address(path), headers=headers)
    asked = await chat.http.head(address(path), headers=headers)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["Content-Type"] == got.headers["Content-Type"]
    assert "Content-Length" in asked.headers


@pytest.mark.parametrize("path", ["/api/health/live", "/api/chat/rooms", "/api/openapi.json", "/api/docs", "/"])
async def test_head_of_what_is_there_is_200_on_a_connection_that_goes_on(chat: Chat, path: str) -> None:
    person = await chat.person()
    async with httpx.AsyncClient(base_url=chat.server.url, headers={"Authorization": f"Bearer {person.token}"}) as http:
        for _ in range(2):
            answer = await http.head(path)
            assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", UNREADABLE)
async def test_head_of_what_cannot_be_read_says_what_can_be_done(chat: Chat, path: str) -> None:
    answer = await chat.http.head(address(path))
    assert answer.status_code == 405
    assert {method.strip().lower() for method in answer.headers["Allow"].split(",")} <= PATHS[path].keys()


async def test_head_of_nothing_is_not_found(chat: Chat) -> None:
    assert (await chat.http.head("/api/nothing")).status_code == 404


# --- headers


@pytest.mark.parametrize("path", ["/api/health/live", "/api/users/me", "/api/nothing", HANDSHAKE, "/", "/api/docs"])
async def test_no_answer_lets_a_browser_guess_what_it_is(chat: Chat, path: str) -> None:
    assert (await chat.http.get(path)).headers["X-Content-Type-Options"] == "nosniff"


async def test_answers_of_the_api_are_kept_nowhere(chat: Chat) -> None:
    person = await chat.person()
    for answer in (await person.get("/api/users/me"), await person.get("/api/chat/rooms/x")):
        assert answer.headers["Cache-Control"] == "no-store"


# --- proxies and hosts


async def test_a_trusted_proxy_s_clients_are_counted_and_told_that_the_way_is_safe(start_chat: StartChat) -> None:
    settings = {"HYRED_TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8", "HYRED_MAX_CONNECTIONS_PER_ADDRESS": "2"}
    async with start_chat(**settings) as chat:
        url = chat.server.url.replace("http", "ws") + HANDSHAKE.replace("polling", "websocket")
        held = [await open_socket(url, "192.0.2.1"), await open_socket(url, "198.51.100.9, 192.0.2.1")]
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await open_socket(url, "192.0.2.1, 10.1.1.1")
        assert refusal.value.response.status_code == 403
        held.append(await open_socket(url, "192.0.2.2"))
        secure = await chat.http.get("/api/health/live", headers={"X-Forwarded-Proto": "https"})
        assert secure.headers["Strict-Transport-Security"]
        assert "Strict-Transport-Security" not in (await chat.http.get("/api/health/live")).headers
        for socket in held:
            await socket.close()


async def open_socket(url: str, forwarded_for: str) -> websockets.ClientConnection:
    socket = await websockets.connect(url, additional_headers={"X-Forwarded-For": forwarded_for})
    await socket.recv()
    return socket


async def test_nobody_is_believed_about_an_address_unless_the_operator_says_so(start_chat: StartChat) -> None:
    async with start_chat() as chat:

        async def guess(number: int) -> int:
            headers = {"X-API-Key": "guess", "X-Forwarded-For": f"192.0.2.{number}"}
            return (await chat.http.get("/api/admin/rooms", headers=headers)).status_code

        statuses = await asyncio.gather(*map(guess, range(40)))
        assert set(statuses) == {401, 429}
        assert 20 <= statuses.count(401) < 30, "twenty, and one more every three seconds"


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1.attacker.example:3000", "localhost.attacker.example"])
async def test_a_development_server_does_not_answer_to_names_that_others_can_point_at_it(chat: Chat, host: str) -> None:
    for path in ("/api/health/live", "/", HANDSHAKE):
        refused = await chat.http.get(path, headers={"Host": host})
        assert refused.status_code == 421
        assert refused.json()["code"] == "unknown_host"
    async with raw(chat) as (reader, writer):
        upgrade = "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        path = HANDSHAKE.replace("polling", "websocket")
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{upgrade}{key}\r\n".encode())
        assert (await read_head(reader)).startswith("HTTP/1.1 421 ")


async def test_a_production_server_answers_to_whatever_its_proxy_calls_it(start_chat: StartChat) -> None:
    production = {"HYRED_ENV": "production", "HYRED_DEV_TOKENS": "false", "HYRED_FIREBASE_PROJECT_ID": "hyred-12345"}
    async with start_chat(**production) as chat:
        assert (await chat.http.get("/api/health/live", headers={"Host": "chat.example"})).status_code == 200
        for path in ("/api/docs", "/api/openapi.json", "/api/docs.css"):
            assert (await chat.http.get(path)).status_code == 404
    async with start_chat(**production, HYRED_API_DOCS="true") as chat:
        assert (await chat.http.get("/api/docs")).status_code == 200


# --- the page of the API


async def test_the_page_of_the_api_runs_nothing_and_loads_only_its_own_files(chat: Chat) -> None:
    page = await chat.http.get("/api/docs")
    policy = page.headers["Content-Security-Policy"]
    assert policy == (await chat.http.get("/")).headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script" not in page.text
    assert not re.findall(r'(?:src|href)="(?!/|#|data:,")', page.text)
    for path in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text):
        assert (await chat.http.get(path)).headers["Content-Type"].startswith("text/css")
    for method, path, _ in ROUTES:
        assert f"{method} {path}" in page.text


# --- what the host's keys did


async def test_what_a_host_s_key_does_is_in_the_log_without_what_it_said(start_chat: StartChat) -> None:
    async with start_chat(HYRED_LOG_FORMAT="json") as chat:
        person = await chat.person("Somebody Secret")
        await chat.admin("GET", f"/api/admin/users/{person.id}")
        await chat.admin("GET", "/api/admin/users/nobody@mail.example")
        refused = await chat.http.get("/api/admin/rooms", headers={"X-API-Key": "a-wrong-key-of-somebody"})
        assert refused.status_code == 401
        await chat.server.stop()
        lines = [json.loads(line) for line in chat.server.log if line.startswith("{")]
        used = [line for line in lines if line["logger"] == "hyred_chat.administration.authentication"]
        assert [(line["request"], line["ids"], line["status"]) for line in used] == [
            ("PUT /api/admin/users/{user_id:path}", person.id, 200),
            ("GET /api/admin/users/{user_id:path}", person.id, 200),
            ("GET /api/admin/users/{user_id:path}", "(e-mail)", 404),
        ]
        assert {line["address"] for line in used} == {"127.0.0.1"}
        assert len({line["key"] for line in used}) == 1
        text = "\n".join(chat.server.log)
        for secret in ("Secret", "@", API_KEY, "a-wrong-key"):
            assert secret not in text
