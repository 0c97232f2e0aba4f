"""Web pages: which may talk to the server, and that their browsers are told so."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.acceptance.client import Client, ConnectError
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Chat

FRIENDS = ["http://localhost:3000", "http://localhost:3001"]
STRANGERS = [
    "https://evil.example",
    "http://localhost:3002",
    "https://localhost:3000",
    "null",
    "http://localhost:3000.evil.example",
]
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture(scope="module")
async def hosted_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server whose operator has named the web app's origin."""
    async with start_chat(HYRED_ALLOWED_ORIGINS="https://app.example.com") as chat:
        yield chat


def check_welcome(response: httpx.Response, origin: str) -> None:
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in response.headers["Vary"]


async def handshake(chat: Chat, origin: str) -> httpx.Response:
    return await chat.http.get(HANDSHAKE, headers={"Origin": origin})


async def test_pages_of_allowed_origins_may_connect_with_credentials(chat: Chat) -> None:
    person = await chat.person()
    for origin in (*FRIENDS, chat.server.url, chat.server.url.replace("127.0.0.1", "localhost")):
        check_welcome(await handshake(chat, origin), origin)
        for transport in ("websocket", "polling"):
            client = await person.connect(transports=[transport], headers={"Origin": origin})
            await client.catch_up()


@pytest.mark.parametrize("origin", STRANGERS)
async def test_pages_of_other_origins_are_refused_at_the_handshake(chat: Chat, origin: str) -> None:
    person = await chat.person()
    response = await handshake(chat, origin)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers
    with pytest.raises(ConnectError):
        await Client().connect(chat.server.url, {"token": person.token}, headers={"Origin": origin})


async def test_clients_that_are_no_pages_have_no_origin_and_may_connect(chat: Chat) -> None:
    response = await chat.http.get(HANDSHAKE)
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_the_operator_s_origins_replace_the_default(hosted_chat: Chat) -> None:
    check_welcome(await handshake(hosted_chat, "https://app.example.com"), "https://app.example.com")
    for origin in FRIENDS:
        assert (await handshake(hosted_chat, origin)).status_code == 403


async def test_pages_of_allowed_origins_may_use_the_rest_api_with_credentials(chat: Chat) -> None:
    """The first design's web app comes from port 3001 and calls the API at port 3000."""
    person = await chat.person()
    for origin in FRIENDS:
        preflight = await chat.http.request(
            "OPTIONS",
            "/api/chat/rooms",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type",
            },
        )
        assert preflight.status_code in {200, 204}
        check_welcome(preflight, origin)
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
        assert "authorization" in allowed
        assert "content-type" in allowed
        for status, path in ((200, "/api/users/me"), (403, "/api/chat/rooms/no-such-room"), (404, "/api/nothing")):
            answer = await person.request("GET", path, headers={"Origin": origin})
            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == origin
            assert answer.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("origin", STRANGERS)
async def test_pages_of_other_origins_are_told_nothing_by_the_rest_api(chat: Chat, origin: str) -> None:
    person = await chat.person()
    answer = await person.request("GET", "/api/users/me", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
