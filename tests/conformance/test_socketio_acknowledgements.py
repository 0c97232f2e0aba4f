"""Socket.IO v5, section "Acknowledgement", from the server's side: what it asks for, and when it answers."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hyred_chat.socketio import Event, Socket
from tests.conformance.endpoints import PATIENCE_SECONDS
from tests.conformance.recorder import Recorder
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import open_connected
from tests.conformance.websocket import EngineSocket


@contextlib.asynccontextmanager
async def talk(namespace: str = "/") -> AsyncIterator[tuple[EngineSocket, Socket, Recorder]]:
    """A client, its socket on the server, and what the server sees."""
    server = new_server()
    recorder = Recorder(server.namespace(namespace))
    packet = "40" if namespace == "/" else f"40{namespace},"
    async with serving(server) as endpoint, open_connected(endpoint, packet) as client:
        yield client, await recorder.get_connection(), recorder


def ask(socket: Socket, *args: Any, timeout_seconds: float = PATIENCE_SECONDS) -> asyncio.Task[list[Any]]:
    return asyncio.create_task(socket.call("ask", *args, timeout_seconds=timeout_seconds))


async def receive_question(client: EngineSocket, prefix: str = "42") -> tuple[str, str]:
    """The ID of the next event, which is the server's to choose, and the payload."""
    packet = await client.receive()
    question = re.fullmatch(re.escape(prefix) + r"(\d+)(\[.*\])", str(packet))
    assert question, packet
    return question[1], question[2]


async def test_the_server_asks_and_gets_the_answer() -> None:
    """Acknowledgement: EVENT with an ID, ACK with the same ID."""
    async with talk() as (client, socket, _):
        first, second = ask(socket, 1, {"a": None}), ask(socket)
        first_id, payload = await receive_question(client)
        assert payload == '["ask",1,{"a":null}]'
        second_id, payload = await receive_question(client)
        assert payload == '["ask"]'
        # Answers may come in any order.
        await client.send(f"43{second_id}[]", f'43{first_id}["x",{{"y":[1.5]}}]')
        assert await first == ["x", {"y": [1.5]}]
        assert await second == []


async def test_the_server_asks_in_a_namespace() -> None:
    """Acknowledgement, with a custom namespace."""
    async with talk("/admin") as (client, socket, _):
        answer = ask(socket, "foo")
        id_, payload = await receive_question(client, "42/admin,")
        assert payload == '["ask","foo"]'
        await client.send(f'43/admin,{id_}["bar"]')
        assert await answer == ["bar"]


async def test_the_server_asks_with_binary_and_is_answered_with_binary() -> None:
    """Acknowledgement, with binary data: BINARY_EVENT with an ID, BINARY_ACK."""
    placeholder = '{"_placeholder":true,"num":0}'
    async with talk() as (client, socket, _):
        answer = ask(socket, b"\1\2")
        id_, payload = await receive_question(client, "451-")
        assert payload == f'["ask",{placeholder}]'
        assert await client.receive() == b"\1\2"
        await client.send(f'461-{id_}["bar",{{"file":{placeholder}}}]', b"\1\2\3\4")
        assert await answer == ["bar", {"file": b"\1\2\3\4"}]


async def test_a_question_without_an_answer_times_out_and_a_late_answer_is_ignored() -> None:
    """Acknowledgement: the receiver MUST respond, which it may fail to."""
    async with talk() as (client, socket, recorder):
        with pytest.raises(TimeoutError):
            await socket.call("ask", timeout_seconds=0.05)
        late_id, _ = await receive_question(client)
        await client.send(f'43{late_id}["late"]', '42["still here"]')
        assert (await recorder.get_event()).name == "still here"
        answer = ask(socket)
        id_, _ = await receive_question(client)
        assert id_ != late_id
        await client.send(f'43{late_id}["very late"]', f'43{id_}["in time"]')
        assert await answer == ["in time"]


async def test_the_first_of_two_answers_counts() -> None:
    """Acknowledgement: an ID is answered once."""
    async with talk() as (client, socket, recorder):
        answer = ask(socket)
        id_, _ = await receive_question(client)
        await client.send(f"43{id_}[1]", f"43{id_}[2]", '42["still here"]')
        assert (await recorder.get_event()).name == "still here"
        assert await answer == [1]


@pytest.mark.parametrize("leave", ["41", "1"])
async def test_a_question_to_a_client_that_leaves_fails_at_once(leave: str) -> None:
    """Disconnection from a namespace: nobody is left to answer."""
    async with talk() as (client, socket, _):
        answer = ask(socket)
        await receive_question(client)
        await client.send(leave)
        async with asyncio.timeout(PATIENCE_SECONDS / 2):
            with pytest.raises(ConnectionError):
                await answer
        with pytest.raises(ConnectionError):
            await socket.call("ask", timeout_seconds=PATIENCE_SECONDS)


async def test_an_event_may_be_acknowledged_later_and_only_once() -> None:
    """Acknowledgement: one ACK for one ID, in whichever order the server is done."""
    async with talk() as (client, _, recorder):
        await client.send('421["first"]', '422["second"]', '42["third"]')
        first, second, third = [await recorder.get_event() for _ in range(3)]
        assert [event.wants_acknowledgement for event in (first, second, third)] == [True, True, False]
        third.acknowledge("nobody asked")
        second.acknowledge({"ok": True}, b"\1")
        second.acknowledge("again")
        first.acknowledge()
        assert await client.receive_many(3) == ['461-2[{"ok":true},{"_placeholder":true,"num":0}]', b"\1", "431[]"]
        first.socket.emit("end")
        assert await client.receive() == '42["end"]'


@pytest.mark.parametrize("leave", ["41", "1"])
async def test_acknowledging_a_client_that_has_left_does_nothing(leave: str) -> None:
    """Disconnection from a namespace: what was asked before needs no answer any more."""
    async with talk() as (client, _, recorder):
        await client.send('421["slow"]')
        event: Event = await recorder.get_event()
        await client.send(leave)
        await recorder.get_departure()
        event.acknowledge("too late")
        event.socket.emit("too late")
        if leave == "41":
            # The connection is still there, so that one would see what should not come.
            await client.send("40")
            assert str(await client.receive()).startswith('40{"sid":')
