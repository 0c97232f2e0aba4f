"""`scripts/try-chat` says of a running server what works, and exits accordingly."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.people import Chat
from tests.integration.commands import taken_port

SCRIPT = Path(__file__).parents[2] / "scripts" / "try_chat.py"
PATIENCE_SECONDS = 60.0


async def try_chat(url: str, *arguments: str) -> tuple[int | None, dict[str, str]]:
    """Run it. Returns its exit status, and the verdict on each thing that it tried."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), "--url", url, *arguments, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        output, _ = await process.communicate()
    lines = [line.split(maxsplit=1) for line in output.decode().splitlines()]
    return process.returncode, {rest.partition(":")[0]: verdict for verdict, rest in lines}


def test_without_the_libraries_of_clients_it_says_how_to_get_them(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(SCRIPT.with_name("try-chat"), scripts)
    tried = subprocess.run([scripts / "try-chat"], check=False, capture_output=True, text=True)
    assert (tried.returncode, tried.stdout) == (2, "")
    assert "run make tools" in tried.stderr


async def test_everything_works_on_a_server_that_runs(chat: Chat) -> None:
    ana, ben, _ = await chat.pair()
    status, verdicts = await try_chat(chat.server.url, "--token", ana.token, "--other-token", ben.token)
    assert status == 0, verdicts
    assert len(verdicts) == 10
    assert set(verdicts.values()) == {"ok"}


async def test_what_needs_a_second_person_is_skipped_without_one(chat: Chat) -> None:
    ana, _, _ = await chat.pair()
    status, verdicts = await try_chat(chat.server.url, "--token", ana.token)
    assert status == 0, verdicts
    assert [name for name, verdict in verdicts.items() if verdict != "ok"] == ["Notification and receipt"]


async def test_a_refused_token_fails_and_ends_the_trial(chat: Chat) -> None:
    status, verdicts = await try_chat(chat.server.url, "--token", "nonsense")
    assert status == 1
    assert verdicts == {"Health": "ok", "Sign-in over REST": "FAILED"}


async def test_a_server_that_is_not_there_fails() -> None:
    with taken_port() as port:
        pass
    status, verdicts = await try_chat(f"http://127.0.0.1:{port}", "--token", "any")
    assert (status, verdicts) == (1, {"Health": "FAILED"})


async def test_an_address_where_something_else_answers_fails(chat: Chat) -> None:
    status, verdicts = await try_chat(f"{chat.server.url}/chat", "--token", "any")
    assert (status, verdicts) == (1, {"Health": "FAILED"})


@pytest.mark.parametrize("has_environment", [False, True])
def test_without_its_clients_it_says_how_to_install_them(tmp_path: Path, has_environment: bool) -> None:
    script = tmp_path / "scripts" / "try-chat"
    script.parent.mkdir()
    shutil.copy(SCRIPT.with_name("try-chat"), script)
    if has_environment:  # as `make run` leaves it: with what a server needs
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
        python.chmod(0o755)
    tried = subprocess.run([script], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert tried.returncode == 2
    assert "make tools" in tried.stderr
    assert "Traceback" not in tried.stderr
