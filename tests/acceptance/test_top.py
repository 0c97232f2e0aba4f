"""`hyred-chat top`: what servers do right now, in a terminal."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT

from tests.acceptance.metrics import metrics_url
from tests.acceptance.people import Chat
from tests.integration.commands import environment


async def top(*arguments: str) -> tuple[int, str]:
    """Its exit status, and what it has printed."""
    command = [sys.executable, "-m", "hyred_chat", "top", "--once", "--interval", "0.5", *arguments]
    settings = environment(COLUMNS="200")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT, env=settings)
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_it_shows_sockets_and_figures_of_each_server(chat: Chat) -> None:
    va = await chat.person()
    await va.connect()
    status, table = await top(metrics_url(chat.server))
    assert status == 0, table
    [row] = [line for line in table.splitlines() if "127.0.0.1" in line]
    cells = [cell.strip() for cell in row.split("│")[1:-1]]
    assert int(cells[1]) >= 1
    assert cells[2] == cells[1]
    assert float(cells[10]) > 50  # megabytes
    for heading in ("server", "sockets", "sent/s", "ack p99", "lag p99", "waiting", "Redis"):
        assert heading in table


async def test_a_server_that_does_not_answer_is_shown_as_such_and_fails(chat: Chat) -> None:
    status, table = await top(metrics_url(chat.server), "127.0.0.1:1")
    assert status == 1
    assert "does not answer" in table


async def test_without_an_address_it_says_which_setting_is_missing() -> None:
    status, words = await top()
    assert status == 2
    assert "HYRED_METRICS_ADDRESS" in words
