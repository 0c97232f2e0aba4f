"""What a provider was told to answer, device by device."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; without `status` there is never one."""

    status: int | None = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


NOTHING = Answer(None)
GARBAGE = Answer(200, b"<html>")


class Answers:
    """For each device a list of answers to give, one a push; after them, all is well.

    Attributes:
        always: what everybody gets, until it is None again.
        delay_seconds: how long every answer takes.
    """

    def __init__(self) -> None:
        self.always: Answer | None = None
        self.delay_seconds = 0.0
        self._by_device: dict[str, deque[Answer]] = defaultdict(deque)

    def add(self, token: str, *answers: Answer) -> None:
        """Answer the next pushes to a device so."""
        self._by_device[token].extend(answers)

    async def next_for(self, token: str, good: Answer) -> web.Response:
        """The answer; `good` when nothing else was said."""
        await asyncio.sleep(self.delay_seconds)
        waiting = self._by_device[token]
        answer = self.always or (waiting.popleft() if waiting else good)
        if answer.status is None:
            await asyncio.Event().wait()
        return web.Response(status=answer.status or 200, body=answer.body or good.body, headers=answer.headers)
