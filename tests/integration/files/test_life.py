"""The life of a file in the database: claimed by one, given up by nobody, removed with what it consists of."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.requests import ClientDisconnect

from hyred_chat.db.pool import Database
from hyred_chat.files import examination, repository
from hyred_chat.files.cleaning import compare
from hyred_chat.files.examination import MAX_ATTEMPTS, Examination
from hyred_chat.files.examiner_process import ExaminerProcess
from hyred_chat.files.pictures import remove_picture, take_picture
from hyred_chat.files.removal import Removal
from hyred_chat.files.repository import Findings
from hyred_chat.files.schemas import FileState
from hyred_chat.files.stores import FolderStore
from hyred_chat.files.uploads import SEGMENT_BYTES, Uploads
from hyred_chat.moments import DAY_SECONDS
from tests.acceptance.files import announce
from tests.acceptance.people import Chat

PATIENCE_SECONDS = 30


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture
async def process() -> AsyncIterator[ExaminerProcess]:
    examiner = ExaminerProcess()
    yield examiner
    await examiner.close()


class World:
    """Files of one person, past the door.

    Attributes:
        told: what they were told.
    """

    def __init__(self, database: Database, store: FolderStore, folder: Path, process: ExaminerProcess) -> None:
        self.told: list[tuple[str, str | None]] = []
        self.database = database
        self.store = store
        self.removal = Removal(database, store, held_seconds=90 * DAY_SECONDS)
        self.examination = Examination(database, store, folder, examiner=process, tell=self._tell)
        self.uploads = Uploads(database, store, tell=self._tell, on_whole=lambda: None)

    def _tell(self, _owner_id: str, state: FileState) -> None:
        self.told.append((state.state, state.reason))

    async def create(self, file_id: str, size: int, owner_id: str = "ana") -> None:
        async with self.database.connection() as connection:
            await repository.create(
                connection, file_id, owner_id=owner_id, room_id="r", name="a", size=size, is_voice=False, key=b"k" * 16,
                life_seconds=60,
            )  # fmt: skip

    async def upload(self, file_id: str, content: bytes, owner_id: str = "ana") -> None:
        await self.create(file_id, len(content), owner_id)
        await self.append(file_id, 0, content, owner_id=owner_id)

    async def append(
        self, file_id: str, offset: int, content: bytes, *, is_cut: bool = False, owner_id: str = "ana"
    ) -> None:
        async def parts() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 50_000):
                yield content[start : start + 50_000]
            if is_cut:
                raise ClientDisconnect

        await self.uploads.append(
            owner_id, file_id, offset=offset, length=None, size=None, checksum=None, parts=parts()
        )

    async def execute(self, statement: str) -> None:
        async with self.database.connection() as connection:
            await connection.execute(statement)

    async def examine_next(self) -> str:
        """The file that was examined."""
        waiting = "SELECT id FROM files WHERE state = 'processing'"
        async with self.database.connection() as connection:
            before = {row["id"] for row in await connection.fetch(waiting)}
            assert await self.examination._examine_next()
            examined: str
            [examined] = before - {row["id"] for row in await connection.fetch(waiting)}
        return examined

    async def count(self) -> int:
        async with self.database.connection() as connection:
            count: int = await connection.fetchval("SELECT count(*) FROM files")
            return count


@pytest.fixture
def world(database: Database, store: FolderStore, tmp_path: Path, process: ExaminerProcess) -> World:
    return World(database, store, tmp_path / "work", process)


async def test_an_examined_file_is_kept_alone(world: World, tmp_path: Path) -> None:
    content = bytes(3 * SEGMENT_BYTES)
    await world.upload("f1", content)
    assert len(await world.store.list_names("f1")) == 3
    assert await world.examination._examine_next()
    assert not await world.examination._examine_next()
    assert await world.store.list_names("f1") == {"content": len(content)}
    assert world.told == [("processing", None), ("ready", None)]
    assert list((tmp_path / "work").iterdir()) == []


async def test_whoever_looks_at_files_is_there_before_the_first_of_them(world: World, process: ExaminerProcess) -> None:
    running = asyncio.create_task(world.examination.run())
    world.examination.expect()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not process.is_there:  # noqa: ASYNC110  # nobody is told
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])
    assert not process.is_there, "it ends with whoever wanted it"


async def test_an_announcement_says_that_a_file_is_about_to_come(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    va, _, room_id = await chat.pair()
    expected: list[bool] = []
    monkeypatch.setattr(Examination, "expect", lambda _: expected.append(True))
    await va.post(f"/api/chat/rooms/{room_id}/files", {"name": "a", "size": 0})
    assert expected == [], "it was refused"
    await announce(va, room_id, 1)
    assert len(expected) == 1


async def test_however_many_files_somebody_has_others_wait_for_one_of_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "MAX_LATELY", 2)
    files = {"ana": ["a1", "a2", "a3", "a4"], "ben": ["b1", "b2"], "cem": ["c1"]}
    for owner_id, file_ids in files.items():
        for file_id in file_ids:
            await world.upload(file_id, b"text", owner_id)
    assert [await world.examine_next() for _ in range(4)] == ["a1", "b1", "c1", "a2"]
    await world.upload("d1", b"text", "dua")
    assert [await world.examine_next() for _ in range(4)] == ["b2", "d1", "a3", "a4"]
    assert len(world.examination._lately) == 2


async def test_what_a_killed_process_had_begun_is_taken_up_by_another_once(world: World) -> None:
    await world.upload("f1", b"text")
    async with world.database.connection() as connection:
        begun = await repository.claim(connection, seconds=60)
        assert begun is not None
        assert await repository.claim(connection, seconds=60) is None
    assert not await world.examination._examine_next()
    await world.execute("UPDATE files SET claimed_until = clock_timestamp() - interval '1 s'")
    assert await world.examination._examine_next()
    assert world.told[-1] == ("ready", None)
    async with world.database.connection() as connection:
        assert not await repository.finish(connection, begun, Findings("refused", "broken"))


async def test_a_file_that_can_never_be_examined_is_refused(world: World) -> None:
    await world.upload("f1", b"text")
    await world.execute("UPDATE files SET attempts = %d" % MAX_ATTEMPTS)  # noqa: UP031, S608  # it is a number
    assert await world.examination._examine_next()
    assert world.told[-1] == ("refused", "failed")
    assert await world.store.list_names("f1") == {}


@pytest.mark.parametrize("came", [1, SEGMENT_BYTES - 1, SEGMENT_BYTES, 3 * SEGMENT_BYTES + 120_000])
async def test_whatever_has_come_when_a_client_is_cut_off_is_kept(world: World, came: int) -> None:
    content = os.urandom(4 * SEGMENT_BYTES)
    await world.create("f1", len(content))
    await world.append("f1", 0, content[:came], is_cut=True)
    assert (await world.uploads.get("ana", "f1")).received == came
    await world.append("f1", came, content[came:])
    assert await world.examination._examine_next()
    assert b"".join([part async for part in world.store.read("f1", "content", 0, len(content))]) == content


async def test_what_is_on_its_way_to_the_store_when_a_server_stops_is_kept_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(2 * SEGMENT_BYTES)
    put, is_on_its_way = world.store.put, asyncio.Event()

    async def hang_once(file_id: str, name: str, data: bytes) -> None:
        if not is_on_its_way.is_set():
            is_on_its_way.set()
            await asyncio.Event().wait()
        await put(file_id, name, data)

    monkeypatch.setattr(world.store, "put", hang_once)
    await world.create("f1", len(content))
    uploading = asyncio.create_task(world.append("f1", 0, content))
    await is_on_its_way.wait()
    uploading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await uploading
    received = (await world.uploads.get("ana", "f1")).received
    assert received >= SEGMENT_BYTES
    assert sum((await world.store.list_names("f1")).values()) == received
    await world.append("f1", received, content[received:])
    assert await world.examination._examine_next()
    assert b"".join([part async for part in world.store.read("f1", "content", 0, len(content))]) == content


async def test_of_two_requests_with_the_same_bytes_one_is_written_down(world: World) -> None:
    content = bytes(range(250)) * 3000
    await world.create("f1", len(content))
    outcomes = await asyncio.gather(*(world.append("f1", 0, content) for _ in range(3)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert await world.examination._examine_next()
    assert b"".join([part async for part in world.store.read("f1", "content", 0, len(content))]) == content
    assert await world.store.list_names("f1") == {"content": len(content)}


async def test_what_was_removed_loses_its_bytes_and_later_its_row(world: World) -> None:
    for file_id in ("f1", "f2"):
        await world.upload(file_id, b"text")
    await world.execute("UPDATE files SET expires_at = clock_timestamp() - interval '1 s' WHERE id = 'f1'")
    await world.removal.remove_all()
    assert [each async for each in world.store.list_ids()] == ["f2"]
    assert await world.count() == 2
    await world.execute("UPDATE files SET removed_at = removed_at - interval '25 hours'")
    await world.removal.remove_all()
    assert await world.count() == 1


async def test_the_picture_of_a_group_stays_while_it_is_one_and_then_goes(world: World, tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(written, "PNG")
    await world.upload("f1", written.getvalue())
    assert await world.examination._examine_next()
    async with world.database.transaction() as connection:
        await take_picture(connection, "f1", room_id="r", owner_id="ana", replaced_id=None)
    size = (await world.store.list_names("f1"))["preview"]
    shown = b"".join([part async for part in world.store.read("f1", "preview", 0, size)])
    await world.execute(
        "UPDATE files SET created_at = created_at - interval '3 days', expires_at = expires_at - interval '3 days'"
    )
    await world.removal.remove_all()
    async with world.database.connection() as connection:
        kept = await compare(world.database, world.store, progress=lambda _: None)
        assert (kept.known, kept.leftovers, kept.missing) == (1, [], [])
        assert kept_with(tmp_path, shown) == ["preview"]
        await remove_picture(connection, "f1")
    await world.removal.remove_all()
    assert kept_with(tmp_path, shown) == []
    assert [each async for each in world.store.list_ids()] == []
    await world.execute("UPDATE files SET removed_at = removed_at - interval '25 hours'")
    await world.removal.remove_all()
    assert await world.count() == 0


def kept_with(folder: Path, content: bytes) -> list[str]:
    """The names of all files in a folder that have this in them."""
    return [path.name for path in folder.rglob("*") if path.is_file() and content in path.read_bytes()]


async def test_files_go_that_an_older_version_left_with_a_deleted_message(world: World) -> None:
    await world.upload("f1", b"text")
    await world.execute("UPDATE files SET message_id = 'm1', message_seq = 1, expires_at = NULL")
    await world.execute(
        "INSERT INTO deleted_messages (message_id, room_id, seq, sender_id, content, type, versions, created_at,"
        " deleted_at, deleted_by) VALUES ('m1', 'r', 1, 'ana', 'x', 'text', '[]', now(), now(), 'ana')"
    )
    await world.removal.remove_all()
    assert [each async for each in world.store.list_ids()] == []


async def test_a_file_that_is_removed_while_it_is_examined_leaves_nothing(world: World) -> None:
    await world.upload("f1", b"text")
    async with world.database.connection() as connection:
        file = await repository.claim(connection, seconds=60)
        assert file is not None
        assert await repository.remove(connection, "f1", "ana")
    await world.removal.remove_all()
    await world.store.put("f1", "content", b"text")
    await world.examination._finish(file, Findings("ready", kind="file", content_type="x/y", size=4), [])
    assert [each async for each in world.store.list_ids()] == []
    assert ("ready", None) not in world.told
