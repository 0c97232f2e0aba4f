"""Requests that the server does not wait for any longer, because it stops."""

import asyncio
import json

from starlette.types import Message, Receive, Scope, Send

from hyred_chat.http.observed import ObservedRequests

SCOPE = {"type": "http", "method": "POST", "path": "/api/chat/rooms", "headers": []}


async def test_a_request_that_is_cut_off_by_the_stop_is_answered_that_its_outcome_is_unknown() -> None:
    asked = asyncio.Event()

    async def hang(_scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.set()
        await asyncio.Event().wait()

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    requests = ObservedRequests(hang)
    task = asyncio.create_task(requests(dict(SCOPE), receive, send))
    await asked.wait()
    task.cancel("Task cancelled, timeout graceful shutdown exceeded")
    await task
    start, body = sent
    assert start["status"] == 503
    assert json.loads(body["body"])["code"] == "unavailable"
    assert requests.answered == {503: 1}
