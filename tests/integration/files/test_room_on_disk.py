"""Where there is too little room for a file, nobody is asked for its bytes."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from hyred_chat.files.service import RESERVED_BYTES
from tests.acceptance.bad_input import check_refusal
from tests.integration.realtime.application import open_chat, running_application

SIZE = 1_000_000


@pytest.fixture
def set_free_bytes(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have the disk say how much room it has."""

    def set_free_bytes(free_bytes: int) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=free_bytes))

    return set_free_bytes


async def test_a_file_for_which_there_is_no_room_is_refused_before_its_bytes_are_taken(
    database_url: str, tmp_path: Path, set_free_bytes: Callable[[int], None]
) -> None:
    async with running_application(database_url, files_url=f"file:{tmp_path}/files") as running:
        chat = await open_chat(running)
        va, _, room_id = await chat.pair()
        path, body = f"/api/chat/rooms/{room_id}/files", {"name": "a.bin", "size": SIZE}
        # It is there twice while it is examined.
        set_free_bytes(RESERVED_BYTES + 2 * SIZE - 1)
        refused = await va.post(path, body)
        check_refusal(refused.envelope, "unavailable")
        assert refused.status == 503
        assert await chat.database.fetchval("SELECT count(*) FROM files") == 0
        set_free_bytes(RESERVED_BYTES + 2 * SIZE)
        assert (await va.post(path, body)).status == 200
        assert await chat.database.fetchval("SELECT count(*) FROM files") == 1
        await chat.close()
