"""Two servers behind a real Traefik that sets no cookie: every request goes to another server than the last one.

Sessions are found by their ids all the same, over long-polling and through its upgrade to WebSocket.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.failures import NO_LIMITS, LosableClient, chat_on
from tests.acceptance.metrics import read_metrics
from tests.acceptance.official_clients import official_clients, require_official_client
from tests.acceptance.people import Chat
from tests.acceptance.server import Server, start_server
from tests.deploy.compose import compose_config
from tests.deploy.traefik import DOMAIN, running_traefik
from tests.postgres import TemplateServer

WAYS = (["polling"], ["polling"], ["polling", "websocket"], ["polling", "websocket"])
MESSAGES = 15
NAME_CHARS = 12
HANDSHAKE = {
    "Connection": "upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
POLLING = {"EIO": "4", "transport": "polling"}
BACK_SECONDS = 8.0
PATIENCE_SECONDS = 20.0
UNKNOWN = {"code": 1, "message": "Session ID unknown"}


@dataclass
class World:
    """Attributes:
    url: of Traefik, without TLS.
    """

    url: str
    servers: tuple[Server, Server]
    chat: Chat
    settings: dict[str, str]


@pytest.fixture(scope="module")
async def world(
    template_server: TemplateServer, valkey: ValkeyServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    described = compose_config(tmp_path_factory.mktemp("compose"), CHAT_DOMAIN=DOMAIN)["services"]
    labels = {name: value for name, value in described["chat"]["labels"].items() if ".sticky." not in name}
    labels["traefik.http.routers.hyred-chat-plain.middlewares"] = "hyred-chat-retry"
    settings = NO_LIMITS | {
        "HYRED_TRUSTED_PROXIES": "127.0.0.1",
        "HYRED_REDIS_URL": valkey.url,
        "HYRED_REDIS_PREFIX": "cookieless",
        "HYRED_METRICS_ADDRESS": "127.0.0.1:0",
    }
    url = await template_server.create()
    async with start_server(url, **settings) as first, start_server(url, **settings) as second:
        folder = tmp_path_factory.mktemp("traefik")
        async with (
            running_traefik(folder, described["traefik"]["command"], labels, [first.url, second.url]) as traefik,
            chat_on(first) as chat,
        ):
            yield World(traefik.plain_url, (first, second), chat, settings)
        assert not first.faults()
        assert not second.faults()
    await template_server.drop(url)


async def forwarded(server: Server, outcome: str = "answered") -> float:
    return (await read_metrics(server)).value("hyred_forwarded_requests_total", outcome=outcome)


async def test_official_clients_on_polling_and_through_its_upgrade_lose_nothing_and_keep_the_order(
    world: World,
) -> None:
    require_official_client()
    people = {await world.chat.person(f"P{number}"): ways for number, ways in enumerate(WAYS)}
    room_id = await world.chat.room(*people)
    async with official_clients(world.url, people, room=room_id, messages=MESSAGES) as officials:
        names = [person.name for person in people]
        await officials.wait_until(lambda: all(len(officials.of(name, "acknowledged")) == MESSAGES for name in names))
        acknowledged = {each["id"]: each["seq"] for name in names for each in officials.of(name, "acknowledged")}
        assert len(acknowledged) == MESSAGES * len(people)
        last = max(acknowledged.values())
        await officials.wait_until(
            lambda: all(
                officials.of(name, "message")[-1:] and officials.of(name, "message")[-1]["seq"] == last
                for name in names
            )
        )
        for name in names:
            heard = [each["seq"] for each in officials.of(name, "message")]
            assert heard == list(range(heard[0], last + 1))  # from its joining on: each once, in order
            own = {each["id"] for each in officials.of(name, "acknowledged")}
            assert own <= {each["id"] for each in officials.of(name, "message")}
        upgrading = [person.name for person, ways in people.items() if len(ways) > 1]
        await officials.wait_until(lambda: all(officials.of(name, "upgraded") for name in upgrading))
        assert not [each for each in officials.events if each["event"] in {"disconnected", "refused", "error"}]
    # About half of some sixty requests of those who poll on; how they fall on the two servers is Traefik's affair.
    assert all([await forwarded(server) > 0 for server in world.servers])
    assert sum([await forwarded(server) for server in world.servers]) > MESSAGES


async def test_clients_in_python_talk_over_polling(world: World) -> None:
    ana, ben = await world.chat.person("Ana"), await world.chat.person("Ben")
    room_id = await world.chat.room(ana, ben)
    clients = [LosableClient() for _ in range(2)]
    for client, person in zip(clients, (ana, ben), strict=True):
        person.clients.append(client)
        await client.connect(world.url, {"token": person.token}, transports=["polling"])
        await client.join(room_id)
    for number in range(MESSAGES):
        sender, reader = clients[number % 2], clients[(number + 1) % 2]
        sent = await sender.send(room_id, f"number {number}")
        while (await reader.wait_for("new_message"))["id"] != sent["id"]:
            pass  # one of the reader's own
    assert all(client.connected for client in clients)


async def test_ids_of_no_session_are_unknown_whatever_node_they_name(world: World) -> None:
    first, second = world.servers
    async with httpx.AsyncClient() as http:
        opened = await http.get(f"{first.url}/socket.io/", params=POLLING)
        real: str = json.loads(opened.text[1:])["sid"]
        pong = await http.post(f"{second.url}/socket.io/", params=POLLING | {"sid": real}, content="3")
        assert (pong.status_code, pong.text) == (200, "ok")
        for sid in (real[:NAME_CHARS] + "A" * 20, real[:NAME_CHARS], real[:-1], "A" * 32, "x"):
            for transport, headers in (("polling", {}), ("websocket", HANDSHAKE)):
                params = POLLING | {"sid": sid, "transport": transport}
                answer = await http.get(f"{second.url}/socket.io/", params=params, headers=headers)
                assert (answer.status_code, answer.json()) == (400, UNKNOWN)


async def test_whoever_is_at_a_server_that_stops_or_dies_is_back_by_a_new_session_soon(world: World) -> None:
    """Those whose poll passes through it are, too."""
    require_official_client()
    first, second = world.servers
    people = {await world.chat.person(f"K{number}"): WAYS[number % len(WAYS)] for number in range(8)}
    names = [person.name for person in people]

    async def check(leaving: Server, end: Callable[[], Awaitable[object]]) -> None:
        await wait_until_both_are_used(world)
        async with official_clients(world.url, people) as there:
            await there.wait_until(lambda: all(there.of(name, "connected") for name in names))
            assert len({there.of(name, "connected")[0]["session"][:NAME_CHARS] for name in names}) == 2
            await end()
            own = await name_at(second.url)
            await there.wait_until(
                lambda: all(there.of(name, "connected")[-1]["session"].startswith(own) for name in names)
            )
            lost = {each["name"]: each["at"] for each in there.events if each["event"] == "disconnected"}
            assert lost
            for name, at in lost.items():
                assert there.of(name, "connected")[-1]["at"] - at < BACK_SECONDS
        assert leaving.process.returncode is not None

    await check(first, first.stop)
    async with start_server(first.database_url, PORT=first.port, **world.settings) as successor:
        await check(successor, successor.kill)


async def wait_until_both_are_used(world: World) -> None:
    """Until Traefik has noticed that both are ready."""
    names: set[str] = set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(names) < 2:
            names.add(await name_at(world.url))


async def name_at(url: str) -> str:
    """What the ids of sessions begin with that are opened there."""
    async with httpx.AsyncClient() as http:
        opened = await http.get(f"{url}/socket.io/", params=POLLING)
        return str(json.loads(opened.text[1:])["sid"])[:NAME_CHARS]
