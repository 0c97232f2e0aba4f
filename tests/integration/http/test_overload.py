"""A server whose event loop is late is not ready: others get the clients until it has caught up."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from hyred_chat.metrics import loop_lag
from tests.integration.realtime.application import running_application

PATIENCE_SECONDS = 10.0


@contextmanager
def overload(block_seconds: float) -> Iterator[None]:
    """Block the loop for so long in each of its turns."""
    loop = asyncio.get_running_loop()
    handle: asyncio.Handle | None = None

    def block() -> None:
        nonlocal handle
        time.sleep(block_seconds)
        handle = loop.call_soon(block)

    block()
    try:
        yield
    finally:
        assert handle is not None
        handle.cancel()


async def ready(client: httpx.AsyncClient, status: int) -> httpx.Response:
    """The first answer with this status."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await client.get("/api/health/ready")).status_code != status:
            pass
    return answer


async def test_a_server_is_not_ready_while_its_event_loop_is_late(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_lag, "SAMPLE_SECONDS", 0.01)
    monkeypatch.setattr(loop_lag, "LATE_SECONDS", 0.02)
    monkeypatch.setattr(loop_lag, "OVERLOADED_AFTER_SECONDS", 0.3)
    async with (
        running_application(database_url) as running,
        httpx.AsyncClient(base_url=running.url, timeout=PATIENCE_SECONDS) as client,
    ):
        await ready(client, 200)
        with overload(block_seconds=0.04):
            refused = await ready(client, 503)
            assert refused.json()["error"] == "The server is overloaded: its event loop is more than a second late."
            assert (await client.get("/api/health/live")).status_code == 200
        await ready(client, 200)
