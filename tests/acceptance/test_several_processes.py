"""Several server processes behind one port: every request finds the process whose it is, whatever happens to others."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress

import httpx
import psutil
import pytest

from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.supervisor import intake
from tests.acceptance.client import Client
from tests.acceptance.failures import NO_LIMITS, chat_on, frozen
from tests.acceptance.metrics import read_metrics_of
from tests.acceptance.official_clients import OfficialClients, official_clients, require_official_client
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server, start_server
from tests.postgres import TemplateServer

PROCESSES = 2
OWNER_CHARS = 4
WAYS = (["websocket"], ["polling"], ["polling", "websocket"])
PEOPLE = 4 * len(WAYS)
STOP_SECONDS = 10.0
BACK_SECONDS = 8.0
PATIENCE_SECONDS = 20.0
# More than the supervisor waits for at a time.
STRANGERS = 600


@asynccontextmanager
async def several(database_url: str, **settings: str) -> AsyncIterator[Server]:
    command = ("hyred_chat", "serve", "--workers", str(PROCESSES))
    chosen = {"HYRED_METRICS_ADDRESS": "127.0.0.1:0", **NO_LIMITS, **settings}
    async with start_server(database_url, None, command, **chosen) as server:
        yield server


@pytest.fixture(scope="module")
async def standing(template_server: TemplateServer) -> AsyncIterator[Server]:
    url = await template_server.create()
    async with several(url) as server:
        yield server
        assert await server.stop() == 0
        assert not server.faults()
    await template_server.drop(url)


@asynccontextmanager
async def crowd(server: Server, chat: Chat) -> AsyncIterator[tuple[dict[Person, list[str]], OfficialClients]]:
    """People on all transports, connected."""
    require_official_client()
    people = {await chat.person(f"P{number}"): WAYS[number % len(WAYS)] for number in range(PEOPLE)}
    async with official_clients(server.url, people) as officials:
        await officials.wait_until(lambda: all(officials.of(person.name, "connected") for person in people))
        both = [person.name for person, ways in people.items() if len(ways) > 1]
        await officials.wait_until(lambda: all(officials.of(name, "upgraded") for name in both))
        yield people, officials


def owner_of(officials: OfficialClients, person: Person) -> str:
    session: str = officials.of(person.name, "connected")[-1]["session"]
    return session[:OWNER_CHARS]


def process_of(client: Client) -> str:
    sid: str = client._socket.eio.sid
    return sid[:OWNER_CHARS]


def processes_of(server: Server) -> list[psutil.Process]:
    children: list[psutil.Process] = psutil.Process(server.process.pid).children()
    return [child for child in children if "serve-share" in command_of(child)]


def command_of(process: psutil.Process) -> list[str]:
    try:
        command: list[str] = process.cmdline()
    except psutil.Error:  # it has just ended
        return []
    return command


async def wait_until_replaced(server: Server, gone: set[int]) -> None:
    """Wait for as many processes as before, without these."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            pids = {process.pid for process in processes_of(server)}
            if len(pids) == PROCESSES and not pids & gone:
                return
            await asyncio.sleep(0.05)  # there is nothing to wait on but the processes themselves


async def test_sessions_of_all_transports_find_their_process_and_are_spread_over_all(standing: Server) -> None:
    async with chat_on(standing) as chat, crowd(standing, chat) as (people, officials):
        owners = Counter(owner_of(officials, person) for person in people)
        assert len(owners) == PROCESSES
        assert min(owners.values()) >= 2
        assert not [event for event in officials.events if event["event"] in {"disconnected", "refused"}]


async def test_people_on_different_processes_talk_and_see_one_another(standing: Server) -> None:
    async with chat_on(standing) as chat:
        ana, ben = await chat.person("Ana"), await chat.person("Ben")
        room_id = await chat.room(ana, ben)
        hers = await ana.connect(join=room_id)
        his = await ben.connect(join=room_id)
        while process_of(hers) == process_of(his):
            his = await ben.connect(join=room_id)
        for writer, reader in ((hers, his), (his, hers)):
            message = await writer.send(room_id, "Hello")
            heard = await reader.wait_for("new_message", lambda each, id_=message["id"]: each["id"] == id_)  # type: ignore[misc]
            assert heard["seq"] == message["seq"]
        # What is told of somebody is known at every process by then.
        await hers.wait_until(
            lambda: any(each["userId"] == ben.id and each["online"] for each in hers.received("presence_changed"))
        )
        presences = (await ana.get("/api/chat/presence", userIds=f"{ana.id},{ben.id}")).data
        assert [presence["online"] for presence in presences] == [True, True]


async def test_an_answer_is_a_connection_s_last_and_a_session_of_nobody_is_unknown(standing: Server) -> None:
    async with httpx.AsyncClient(base_url=standing.url) as http:
        live = await http.get("/api/health/live")
        assert (live.status_code, live.headers["Connection"]) == (200, "close")
        polling = await http.get("/socket.io/?EIO=4&transport=polling")
        assert polling.headers["Connection"] == "close"
        for owner in ("ffff", "xx"):
            unknown = await http.get(f"/socket.io/?EIO=4&transport=polling&sid={owner}AAAAAAAAAAAAAAAAAAAA")
            assert (unknown.status_code, unknown.json()) == (400, {"code": 1, "message": "Session ID unknown"})


async def test_a_session_of_any_process_is_found_from_another_machine(database_url: str, valkey: ValkeyServer) -> None:
    shared = {"HYRED_REDIS_URL": valkey.url, "HYRED_REDIS_PREFIX": "machines"}
    async with (
        several(database_url, **shared) as here,
        start_server(database_url, **NO_LIMITS, **shared) as there,
        httpx.AsyncClient() as http,
    ):
        owners = set()
        for opener, other in [(here, there), (there, here)] * (2 * PROCESSES):
            opened = await http.get(f"{opener.url}/socket.io/?EIO=4&transport=polling")
            sid = json.loads(opened.text[1:])["sid"]
            owners.add(sid[:OWNER_CHARS])
            pong = await http.post(f"{other.url}/socket.io/?EIO=4&transport=polling&sid={sid}", content="3")
            assert (pong.status_code, pong.text) == (200, "ok")
        assert len(owners) == PROCESSES + 1


async def test_a_head_that_comes_in_pieces_finds_its_process(standing: Server) -> None:
    async with httpx.AsyncClient(base_url=standing.url) as http:
        for _ in range(PROCESSES):
            opened = await http.get("/socket.io/?EIO=4&transport=polling")
            sid = json.loads(opened.text[1:])["sid"]
            assert (await http.post(f"/socket.io/?EIO=4&transport=polling&sid={sid}", content="40")).text == "ok"
            reader, writer = await asyncio.open_connection("127.0.0.1", int(standing.port))
            head = f"GET /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
            for piece in (head[:20], head[20:60], head[60:]):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.05)  # it is to come in pieces
            assert (await reader.readline()).split()[1] == b"200"
            writer.close()


async def test_a_request_whose_first_line_comes_too_late_is_passed_on_to_its_process(standing: Server) -> None:
    async def ask(sid: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(standing.port))
        writer.write(b"POST /socket.io/?EIO=4&transport=polling&")
        await asyncio.sleep(intake.PATIENCE_SECONDS + 0.2)  # any process has it by now
        writer.write(f"sid={sid} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n3".encode())
        answer = await reader.read()
        writer.close()
        return answer

    async with httpx.AsyncClient(base_url=standing.url) as http:
        opened = [await http.get("/socket.io/?EIO=4&transport=polling") for _ in range(4 * PROCESSES)]
    sids = [json.loads(each.text[1:])["sid"] for each in opened]
    assert len({sid[:OWNER_CHARS] for sid in sids}) == PROCESSES
    async with asyncio.timeout(PATIENCE_SECONDS):
        answers = await asyncio.gather(*map(ask, sids))
    assert {answer.split()[1] for answer in answers} == {b"200"}


async def test_strangers_who_say_nothing_hold_up_nobody(standing: Server) -> None:
    with ExitStack() as stack:
        for _ in range(STRANGERS):
            stack.enter_context(socket.create_connection(("127.0.0.1", int(standing.port))))
        async with httpx.AsyncClient(base_url=standing.url) as http:
            for _ in range(10):
                started_at = time.monotonic()
                assert (await http.get("/api/health/live")).status_code == 200
                assert time.monotonic() - started_at < 1.0


async def test_a_process_that_hangs_gets_no_new_connections_and_goes_on_when_it_can(standing: Server) -> None:
    async with (
        chat_on(standing) as chat,
        crowd(standing, chat) as (people, officials),
        httpx.AsyncClient(base_url=standing.url) as http,
    ):
        with frozen([processes_of(standing)[0].pid]):
            await asyncio.sleep(intake.SILENT_SECONDS + 0.1)
            for _ in range(20):
                assert (await http.get("/api/health/live")).status_code == 200
        room_id = await chat.room(*people)
        await asyncio.gather(*[person.connect(join=room_id) for person in people])
        assert not [event for event in officials.events if event["event"] == "disconnected"]


async def test_connections_past_the_bound_of_an_address_are_refused_and_health_is_answered(database_url: str) -> None:
    bound = 20
    async with several(database_url, HYRED_MAX_CONNECTIONS_PER_ADDRESS=str(bound)) as server:
        with ExitStack() as stack:
            for _ in range(4 * bound):
                stranger = stack.enter_context(socket.create_connection(("127.0.0.1", int(server.port))))
                stranger.sendall(b"GET /api/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            async with httpx.AsyncClient(base_url=server.url) as http:
                await wait_until_refused(http)
                for _ in range(2 * PROCESSES):
                    assert (await http.get("/api/health/ready")).status_code == 200
                    assert (await http.get("/api/users/me")).status_code == 429


async def wait_until_refused(http: httpx.AsyncClient) -> None:
    """Wait until every process has all the connections that it takes from this address."""
    refused = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while refused < 4 * PROCESSES:
            refused = refused + 1 if (await http.get("/api/users/me")).status_code == 429 else 0


async def test_a_process_that_is_killed_takes_nobody_else_along_and_is_replaced(standing: Server) -> None:
    server = standing
    async with chat_on(server) as chat, crowd(server, chat) as (people, officials):
        first = {person.name: owner_of(officials, person) for person in people}
        victim = processes_of(server)[0]
        victim.kill()
        await wait_until_replaced(server, {victim.pid})
        lost = {each["name"] for each in officials.events if each["event"] == "disconnected"}
        assert lost
        assert len({first[name] for name in lost}) == 1
        killed = first[min(lost)]
        assert lost == {name for name, owner in first.items() if owner == killed}
        await officials.wait_until(lambda: all(len(officials.of(name, "connected")) == 2 for name in lost))
        assert killed not in {owner_of(officials, person) for person in people}
        assert [line for line in server.faults() if "ended with -9" in line]
        server.log.clear()


async def test_a_rolling_restart_replaces_all_and_the_port_is_always_served(standing: Server) -> None:
    server = standing
    async with chat_on(server) as chat, crowd(server, chat) as (people, officials):
        before = {process.pid for process in processes_of(server)}
        served = asyncio.create_task(keep_asking(server))
        server.process.send_signal(signal.SIGHUP)
        await wait_until_replaced(server, before)
        await officials.wait_until(lambda: all(len(officials.of(person.name, "connected")) > 1 for person in people))
        served.cancel()
        with suppress(asyncio.CancelledError):
            await served
        assert not [event for event in officials.events if event["event"] == "refused"]


async def keep_asking(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        while True:
            assert (await http.get("/api/health/live")).status_code == 200
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_all_end_when_the_supervisor_does(database_url: str, number: signal.Signals) -> None:
    async with several(database_url) as server, chat_on(server) as chat:
        await (await chat.person()).connect()
        processes = processes_of(server)
        started_at = time.monotonic()
        code = await server._end(number)
        await asyncio.to_thread(psutil.wait_procs, processes, timeout=PATIENCE_SECONDS)
        assert not [process for process in processes if process.is_running()]
        assert time.monotonic() - started_at < STOP_SECONDS
        if number != signal.SIGKILL:
            assert code == 0
            assert not server.faults()


async def test_processes_that_cannot_start_end_the_supervisor() -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    environment = {**os.environ, "HYRED_DATABASE_URL": nowhere, "PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hyred_chat", "serve", "--workers", "2"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        _, said = await process.communicate()
    assert process.returncode == 1
    assert b"database" in said.lower()


async def test_each_process_has_metrics_of_its_own_and_its_number_in_the_log(template_server: TemplateServer) -> None:
    url = await template_server.create()
    async with several(url) as server, chat_on(server) as chat:
        person = await chat.person()
        await person.connect()
        lines = [line.split() for line in server.log if "Metrics are at" in line]
        found = {words[-1]: words[-2] for words in lines}
        assert set(found) == {f"process={number}" for number in range(PROCESSES)}
        readings = [await read_metrics_of(each, patience_seconds=0) for each in found.values()]
    # The socket is at one of them.
    assert sorted(reading.value("hyred_sockets") for reading in readings) == [0.0] * (PROCESSES - 1) + [1.0]
    await template_server.drop(url)
