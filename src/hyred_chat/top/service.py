"""The loop of `hyred-chat top`."""

import asyncio
from collections.abc import Sequence

import httpx
from rich.console import Console
from rich.live import Live

from hyred_chat.top.readings import ANSWER_SECONDS, Interval, Reading, merge, read
from hyred_chat.top.table import Row, draw


class Observer:
    """Reads processes, again and again.

    Args:
        targets: their addresses. A name is looked up anew each time, so that processes may come and go.
    """

    def __init__(self, client: httpx.AsyncClient, targets: Sequence[str]) -> None:
        self._client = client
        self._targets = targets
        self._last: dict[str, Reading] = {}

    async def look(self) -> dict[str, Row | None]:
        """What each process did since the last time; None of one that does not answer. At first nothing is known.

        Raises:
            ValueError: a target is no address.
        """
        urls = await asyncio.to_thread(merge, self._targets)
        readings = dict(zip(urls, await asyncio.gather(*(read(self._client, url) for url in urls)), strict=True))
        rows = {
            url: None if reading is None else Row.of(Interval(self._last.get(url, reading), reading))
            for url, reading in readings.items()
        }
        self._last = {url: reading for url, reading in readings.items() if reading is not None}
        return rows


async def watch(targets: Sequence[str], *, interval_seconds: float, once: bool, console: Console) -> bool:
    """Show processes until cancelled, or, `once`, what they did in one interval. Whether all of them answered, then.

    Raises:
        ValueError: a target is no address.
    """
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as client:
        observer = Observer(client, targets)
        rows = await observer.look()
        if once:
            await asyncio.sleep(interval_seconds)
            rows = await observer.look()
            console.print(draw(rows))
            return all(row is not None for row in rows.values())
        with Live(draw(rows), console=console, auto_refresh=False, screen=console.is_terminal) as live:
            while True:
                await asyncio.sleep(interval_seconds)
                live.update(draw(await observer.look()), refresh=True)
