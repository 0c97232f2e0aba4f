"""Two servers and a broker behind a real Traefik, with the labels of deploy/compose.yml: what clients meet there."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.failures import PATIENCE_SECONDS, LosableClient
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import API_KEY, Server, start_server
from tests.deploy.compose import compose_config
from tests.deploy.traefik import DOMAIN, Traefik, running_traefik
from tests.postgres import TemplateServer

BACK_SECONDS = 5.0
STOP_SECONDS = 10.0


@dataclass
class World:
    """Two servers on one database, and Traefik in front of them.

    Attributes:
        chat: people, made past Traefik.
        settings: those of each server.
    """

    traefik: Traefik
    servers: tuple[Server, Server]
    chat: Chat
    settings: dict[str, str]


class Visitor(LosableClient):
    """A client that comes through Traefik, and knows when it lost its connection and when it was back."""

    def __init__(self, person: Person) -> None:
        super().__init__(returns=True)
        self._person = person
        self._socket.eio.ssl_verify = False
        self.lost_at: float | None = None
        self.back_at: float | None = None
        person.clients.append(self)

    async def arrive(self, traefik: Traefik, transport: str) -> None:
        """Connect over one transport."""
        await self.connect(
            traefik.url, {"token": self._person.token}, transports=[transport], headers={"Origin": f"https://{DOMAIN}"}
        )

    async def ask_in_the_end(self, event: str, payload: object) -> None:
        """Ask, over the next connection when this one is lost before the answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (envelope := await self.try_call(event, payload)) is None:
                await self.wait_until_connected()
        assert envelope["success"] is True, envelope

    def _on_connect(self) -> None:
        super()._on_connect()
        if self.lost_at is not None:
            self.back_at = self.back_at or time.monotonic()

    def _on_disconnect(self, reason: str) -> None:
        super()._on_disconnect(reason)
        self.lost_at = self.lost_at or time.monotonic()


@pytest.fixture(scope="module")
async def world(
    template_server: TemplateServer, valkey: ValkeyServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    composed = compose_config(tmp_path_factory.mktemp("compose"), CHAT_DOMAIN=DOMAIN)
    described = composed["services"]
    settings = {
        "HYRED_DRAIN_DELAY_SECONDS": described["chat"]["environment"]["HYRED_DRAIN_DELAY_SECONDS"],
        "HYRED_TRUSTED_PROXIES": "127.0.0.1",
        "HYRED_REDIS_URL": valkey.url,
        "HYRED_REDIS_PREFIX": "traefik",
        "HYRED_SWEEP_SECONDS": "60",  # what one server tells the other comes through the broker
        "HYRED_ALLOWED_ORIGINS": f"https://{DOMAIN}",
    }
    url = await template_server.create()
    async with start_server(url, **settings) as first, start_server(url, **settings) as second:
        command, labels = described["traefik"]["command"], described["chat"]["labels"]
        folder = tmp_path_factory.mktemp("traefik")
        async with running_traefik(folder, command, labels, [first.url, second.url]) as traefik:
            chat = await Chat.open(first)
            yield World(traefik, (first, second), chat, settings)
            await chat.close()
        assert not first.faults()
        assert not second.faults()
    await template_server.drop(url)


async def test_two_people_at_different_servers_talk(world: World) -> None:
    ana, ben, room_id = await world.chat.pair()
    clients = [Visitor(ana), Visitor(ben)]
    for client in clients:  # the servers take turns
        await client.arrive(world.traefik, "websocket")
        await client.join(room_id)
    for sender, reader in (clients, reversed(clients)):
        sent = await sender.send(room_id, "from one server to the other")
        while (await reader.wait_for("new_message"))["seq"] != sent["seq"]:
            pass  # one of the reader's own


async def talk(client: Visitor, room_id: str, what: str) -> None:
    """Send five messages, each when the one before was heard; each is heard once, and in order."""
    sent: list[str] = []

    def heard() -> list[str]:
        return [message["id"] for message in client.received("new_message")]

    for number in range(5):
        sent.append((await client.send(room_id, f"number {number} {what}"))["id"])
        await client.wait_until(lambda: sent[-1] in heard())
    # Before them its server may have heard what the client before it has said at the other one.
    assert heard()[-5:] == sent
    assert len(set(heard())) == len(heard())


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_session_works_over_either_transport(world: World, transport: str) -> None:
    ana, _, room_id = await world.chat.pair()
    for _ in range(2):  # a client of each server, one after the other
        client = Visitor(ana)
        await client.arrive(world.traefik, transport)
        await client.join(room_id)
        await talk(client, room_id, f"over {transport}")
        assert client.lost_at is None
        await client.disconnect()


async def test_the_cookie_that_keeps_polling_together_is_for_traefik_alone(world: World) -> None:
    async with world.traefik.http() as http:
        answer = await http.get("/socket.io/?EIO=4&transport=polling")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("hyred_server=")
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(cookie.split("; "))


async def test_the_page_has_its_headers_and_plain_http_leads_to_it(world: World) -> None:
    async with world.traefik.http() as http:
        page = await http.get("/")
    assert page.status_code == httpx.codes.OK
    assert "default-src" in page.headers["content-security-policy"]
    # The server knows by X-Forwarded-Proto that its client came by TLS.
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in page.headers
    async with httpx.AsyncClient() as http:
        moved = await http.get(f"{world.traefik.plain_url}/chat")
    assert moved.status_code == httpx.codes.MOVED_PERMANENTLY
    assert moved.headers["location"] == f"https://{DOMAIN}/chat"


async def test_a_client_s_address_is_that_which_traefik_saw_and_not_what_the_client_claims(world: World) -> None:
    claims = {"X-API-Key": API_KEY, "X-Forwarded-For": "203.0.113.7", "X-Real-Ip": "203.0.113.7"}
    async with asyncio.timeout(PATIENCE_SECONDS), world.traefik.http(source="127.0.0.2") as http:
        while not all(lines_about(server, "from-elsewhere") for server in world.servers):
            await http.get("/api/admin/users/from-elsewhere", headers=claims)
            http.cookies.clear()  # the next one goes to the other server
    lines = [line for server in world.servers for line in lines_about(server, "from-elsewhere")]
    assert [line for line in lines if " address=127.0.0.2 " not in line] == []


def lines_about(server: Server, user_id: str) -> list[str]:
    """What a server has logged about a person."""
    return [line for line in server.log if f"ids={user_id}" in line]


async def test_when_a_server_drains_its_clients_are_at_the_other_within_seconds_and_no_request_fails(
    world: World,
) -> None:
    ana, ben, room_id = await world.chat.pair()
    visitors = await arrivals(world, [ana, ben] * 4)
    leaving, _ = world.servers
    async with asking(world.traefik, ana):
        started = time.monotonic()
        assert await leaving.stop() == 0
        assert time.monotonic() - started < float(world.settings["HYRED_DRAIN_DELAY_SECONDS"]) + STOP_SECONDS
        await check_all_are_back(visitors, room_id)


async def test_when_a_server_is_killed_its_clients_are_at_the_other_within_seconds(world: World) -> None:
    first, _ = world.servers
    await first.stop()
    async with start_server(first.database_url, PORT=first.port, **world.settings) as successor:
        ana, ben, room_id = await world.chat.pair()
        visitors = await arrivals(world, [ana, ben] * 4)
        await successor.kill()
        await check_all_are_back(visitors, room_id)


async def arrivals(world: World, people: Sequence[Person]) -> list[Visitor]:
    """A client for each, at one server after the other; the last two use long-polling."""
    await wait_until_both_are_used(world.traefik)
    visitors = [Visitor(person) for person in people]
    for visitor, transport in zip(visitors, ["websocket"] * (len(people) - 2) + ["polling"] * 2, strict=True):
        await visitor.arrive(world.traefik, transport)
    return visitors


async def check_all_are_back(visitors: Sequence[Visitor], room_id: str) -> None:
    """Everybody can join and send, and those who lost their connection had another one in time."""
    for visitor in visitors:
        await visitor.ask_in_the_end("join_chat", {"chatRoomId": room_id})
        await visitor.ask_in_the_end("send_message", {"chatRoomId": room_id, "content": "still here"})
    lost = [(visitor.lost_at, visitor.back_at) for visitor in visitors if visitor.lost_at is not None]
    assert 0 < len(lost) < len(visitors)
    for lost_at, back_at in lost:
        assert back_at is not None
        assert back_at - lost_at < BACK_SECONDS


async def wait_until_both_are_used(traefik: Traefik) -> None:
    """Traefik's cookie names the server that answered."""
    seen: set[str] = set()
    async with asyncio.timeout(PATIENCE_SECONDS), traefik.http() as http:
        while len(seen) < 2:
            seen.add((await http.get("/api/health/live")).headers["set-cookie"])
            http.cookies.clear()


@asynccontextmanager
async def asking(traefik: Traefik, person: Person) -> AsyncIterator[None]:
    """Somebody asks by REST all the time. Fails at the end if a request was not answered as it should be."""
    task = asyncio.create_task(keep_asking(traefik, person))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def keep_asking(traefik: Traefik, person: Person) -> None:
    """Ask by REST, one request after the other. Ends with the first that is not answered as it should be."""
    async with traefik.http() as http:
        while True:
            answer = await http.get("/api/users/me", headers={"Authorization": f"Bearer {person.token}"})
            assert answer.status_code in {httpx.codes.OK, httpx.codes.TOO_MANY_REQUESTS}, answer.text
