"""The virus scanner itself, with one signature that is made here: what it says is understood."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from hyred_chat.errors import UnavailableError
from hyred_chat.files.clamd import Clamd, ScanFailedError
from tests.integration.commands import taken_port
from tests.integration.files.test_clamd import EICAR

CLAMD: Final = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
START_SECONDS: Final = 20

pytestmark = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed (clamav-daemon)")


@pytest.fixture(scope="module", params=["socket", "port"])
def clamd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """One that knows the signature which all scanners find, and nothing else."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "database").mkdir()
    (folder / "database" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n", encoding="ascii")
    config = folder / "clamd.conf"
    with taken_port() as port:
        pass
    where, url = (
        (f"LocalSocket {folder}/socket", f"unix:{folder}/socket")
        if request.param == "socket"
        else (f"TCPSocket {port}\nTCPAddr 127.0.0.1", f"tcp://127.0.0.1:{port}")
    )
    config.write_text(
        f"{where}\nDatabaseDirectory {folder}/database\nTemporaryDirectory {folder}\nForeground yes\n"
        "StreamMaxLength 1M\n",
        encoding="utf-8",
    )
    with subprocess.Popen([str(CLAMD), "--config-file", config], stdout=subprocess.DEVNULL) as process:
        try:
            yield Clamd(url)
        finally:
            process.kill()


@pytest.fixture(autouse=True)
async def ready(clamd: Clamd) -> None:
    """It has loaded its signatures, of which nobody is told."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                return await clamd.check()
            except UnavailableError:
                await asyncio.sleep(0.05)


async def test_it_finds_what_it_knows_and_nothing_in_all_else(clamd: Clamd, tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content, virus in (
        (EICAR, "Eicar-Test-Signature"),
        (bytes(300_000) + EICAR, "Eicar-Test-Signature"),
        (EICAR[:-1], None),
        (bytes(900_000), None),
    ):
        file.write_bytes(content)
        found = await clamd.find_virus(file)
        assert (found is None) == (virus is None)
        assert found is None or re.fullmatch(rf"{virus}(\.UNOFFICIAL)?", found)


async def test_it_says_when_a_file_is_larger_than_it_takes(clamd: Clamd, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(3_000_000))
    with pytest.raises(ScanFailedError, match="size limit exceeded"):
        await clamd.find_virus(tmp_path / "file")


async def test_several_files_are_seen_at_once(clamd: Clamd, tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}").write_bytes(EICAR if number % 2 else b"text")
    found = await asyncio.gather(*(clamd.find_virus(tmp_path / f"{number}") for number in range(8)))
    assert [each is not None for each in found] == [False, True] * 4
