"""More handshakes at once than are let in: refused before anything is done, and told when to come back."""

import asyncio

from hyred_chat.socketio import ConnectionRefused, Handshake, Socket
from tests.conformance.endpoints import PATIENCE_SECONDS
from tests.conformance.polling import new_http_session, request
from tests.conformance.servers import new_server, serving
from tests.conformance.websocket import check_refused, open_session


async def test_too_many_handshakes_get_503_over_both_transports_and_open_sessions_go_on() -> None:
    async with (
        serving(new_server(max_handshakes_per_second=4)) as endpoint,
        new_http_session() as http,
        open_session(endpoint) as socket,
        open_session(endpoint),
    ):
        reply = await request(http, "GET", endpoint.polling())
        assert (reply.status, reply.headers["Retry-After"]) == (503, "2")
        assert await check_refused(endpoint.websocket()) == 503
        await socket.send("40")
        assert str(await socket.receive()).startswith("40")


async def test_who_comes_and_goes_in_one_session_again_and_again_is_sent_away_for_a_while() -> None:
    async with serving(new_server(max_handshakes_per_second=4)) as endpoint, open_session(endpoint) as socket:
        for _ in range(2):
            await socket.send("40")
            assert str(await socket.receive()).startswith("40")
            await socket.send("41")
        await socket.send("40")
        assert await socket.wait_closed() == []
        assert socket.close_code == 1013


async def test_those_who_are_not_let_in_keep_nobody_out() -> None:
    async def refuse(_socket: Socket, handshake: Handshake) -> None:
        if handshake.auth is None:
            raise ConnectionRefused("No")

    server = new_server(max_handshakes_per_second=4)
    server.namespace().on_connect(refuse)
    async with serving(server) as endpoint:
        for _ in range(10):
            async with open_session(endpoint) as socket:
                for _ in range(2):
                    await socket.send("40")
                    assert str(await socket.receive()).startswith("44")
        async with open_session(endpoint) as socket:
            await socket.send("40{}")
            assert str(await socket.receive()).startswith("40")


async def test_who_comes_while_many_are_being_decided_on_comes_back_later() -> None:
    decide, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def wait(_socket: Socket, _handshake: Handshake) -> None:
        begun.release()
        await decide.wait()

    server = new_server(max_handshakes_per_second=4)
    server.namespace().on_connect(wait)
    async with serving(server) as endpoint, open_session(endpoint) as first, new_http_session() as http:
        await first.send("40")
        # A second session of this address would pass, but for the two sockets that wait.
        server.namespace("/other").on_connect(wait)
        await first.send("40/other,")
        async with asyncio.timeout(PATIENCE_SECONDS):
            for _ in range(2):
                await begun.acquire()
        assert (await request(http, "GET", endpoint.polling())).status == 503
        decide.set()
        assert len(await first.receive_many(2)) == 2
        assert server.pace.under_way == 0
