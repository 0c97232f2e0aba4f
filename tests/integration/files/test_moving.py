"""From one store to another, by the command: everything, once, and again what came meanwhile."""

import asyncio
from pathlib import Path

import pytest

from hyred_chat.files.opening import open_store_at
from tests.integration.commands import run_command
from tests.integration.files.s3 import KEYS, speaking_s3


async def names_at(url: str) -> dict[str, dict[str, int]]:
    """Of the objects of each file."""
    store = open_store_at(url)
    return {file_id: await store.list_names(file_id) async for file_id in store.list_ids()}


async def test_files_move_to_s3_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, back, bucket = f"file:{tmp_path}/here", f"file:{tmp_path}/back", "s3://files/chat"
    store = open_store_at(folder)
    for number in range(3):
        await store.put(f"f{number}", "content", bytes(number + 1))
    with speaking_s3() as endpoint:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
            monkeypatch.setenv(name, value)
        first = await asyncio.to_thread(run_command, "files", "move", "--keep", folder, bucket)
        assert first.stdout == f"3 files are at {bucket}. 3 objects were copied.\n", first.stderr
        assert await names_at(bucket) == await names_at(folder)
        await store.put("f9", "content", b"came meanwhile")
        second = await asyncio.to_thread(run_command, "files", "move", folder, bucket)
        assert second.stdout == f"4 files are at {bucket}. 1 objects were copied.\n"
        assert await names_at(folder) == {}
        third = await asyncio.to_thread(run_command, "files", "move", bucket, back)
        assert third.returncode == 0
        assert await names_at(bucket) == {}
    assert {file_id: names["content"] for file_id, names in (await names_at(back)).items()} == {
        "f0": 1, "f1": 2, "f2": 3, "f9": 14,
    }  # fmt: skip


@pytest.mark.parametrize("url", ["here", "file:here", "ftp://x/y", "s3://", "s3://A/b"])
def test_an_address_that_is_none_is_refused_in_one_line(url: str) -> None:
    refused = run_command("files", "move", url, "file:/tmp/none")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "must be a folder" in refused.stderr
