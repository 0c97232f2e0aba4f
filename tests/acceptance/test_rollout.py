"""The version before, on tables that this one has migrated: servers are replaced one after another.

Its code comes out of the repository's history: that of the commit before the newest migration.
"""

import asyncio
import importlib
import subprocess
from io import BytesIO
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

from hyred_chat.db.migrate import VERSIONS, head_revision, upgrade
from tests.acceptance.failures import NO_LIMITS, chat_on, connect, move
from tests.acceptance.floods import check_stored, flooding
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import start_server
from tests.integration.commands import ROOT, run_command
from tests.next_version import next_version
from tests.postgres import SCHEMA

SECONDS = 30
# A column more in every table, each in a transaction of its own, and an index beside everybody.
EXPAND = """\
    tables = [row[0] for row in op.get_bind().exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    )]
    with op.get_context().autocommit_block():
        for table in tables:
            op.execute(f"ALTER TABLE {table} ADD COLUMN extra text DEFAULT 'new'")
        op.execute("SET lock_timeout = 0")
        op.execute("CREATE INDEX CONCURRENTLY messages_extra_idx ON messages (extra)")
        op.execute("RESET lock_timeout")
"""


def git(*arguments: str) -> bytes:
    """What a command of git prints. Skips the test where it fails: a tarball, a shallow clone, no git."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, timeout=SECONDS)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"The version before cannot be taken from the history: git {arguments[0]}: {error}")
    return done.stdout


def newest_migration() -> ModuleType:
    (path,) = VERSIONS.glob(f"{head_revision()}_*.py")
    return importlib.import_module(f"hyred_chat.db.migrations.versions.{path.stem}")


def newest_revision(source: Path) -> str:
    return max(path.name[:4] for path in source.glob("hyred_chat/db/migrations/versions/0*.py"))


@pytest.fixture
def source_before(tmp_path: Path) -> Path:
    """The source folder of the last commit without the newest migration."""
    pattern = f"src/hyred_chat/db/migrations/versions/{head_revision()}_*.py"
    added_by = git("log", "-1", "--diff-filter=A", "--format=%H", "--", pattern).decode().strip()
    commit = f"{added_by}^" if added_by else "HEAD"  # it is not committed yet
    with ZipFile(BytesIO(git("archive", "--format=zip", commit, "src"))) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "src"


async def test_the_version_before_works_on_the_new_tables_or_refuses_them_as_the_newest_migration_says(
    source_before: Path, database_url: str
) -> None:
    if newest_migration().min_compatible_revision <= newest_revision(source_before):
        await check_that_it_serves(source_before, database_url)
    else:
        result = await asyncio.to_thread(
            run_command, "serve", HYRED_DATABASE_URL=database_url, PYTHONPATH=str(source_before), PORT="0"
        )
        assert result.returncode == 1
        assert f"at revision {head_revision()}" in result.stderr
        assert len(result.stderr.splitlines()) == 1


async def check_that_it_serves(source: Path, database_url: str) -> None:
    """People use all of it, over a restart in their middle."""
    before = {"PYTHONPATH": str(source)}
    async with start_server(database_url, **before) as server, chat_on(server) as chat:
        ana, acme, room_id = await chat.pair()
        await talk(ana, acme, room_id, 1)
        assert await server.stop() == 0
    async with start_server(database_url, **before) as server, chat_on(server) as chat:
        move([ana, acme], chat)
        await talk(ana, acme, room_id, 2)
        repeated = await acme.post_message(room_id, "Hello 1", clientMessageId="hello-1")
        assert repeated["seq"] == 1
        await check_lists(chat, ana, acme, room_id)
        assert not server.faults()


async def talk(ana: Person, acme: Person, room_id: str, number: int) -> None:
    """One message by socket, received and read."""
    reading = await ana.connect(join=room_id)
    writing = await acme.connect(join=room_id)
    sent = await writing.send(room_id, f"Hello {number}", clientMessageId=f"hello-{number}")
    assert sent["seq"] == number
    assert (await reading.wait_for("new_message"))["id"] == sent["id"]
    await reading.ask("mark_read", {"chatRoomId": room_id, "seq": number})
    await asyncio.gather(reading.disconnect(), writing.disconnect())


async def check_lists(chat: Chat, ana: Person, acme: Person, room_id: str) -> None:
    """What people ask for by REST, and what a host back end does."""
    history = await ana.history(room_id)
    assert [(message["content"], message["status"]) for message in history] == [
        ("Hello 1", "read"),
        ("Hello 2", "read"),
    ]
    await ana.post_message(room_id, "Hello 3")
    (room,) = (await acme.get("/api/chat/rooms")).data
    assert (room["id"], room["unreadCount"], room["lastMessage"]["content"]) == (room_id, 1, "Hello 3")
    await chat.provision(ana, name="Annabel")
    assert [person["id"] for person in (await acme.get("/api/users", query="annabel")).data] == [ana.id]
    assert (await ana.get("/api/notifications")).status == 200
    assert (await chat.http.get("/api/health/ready")).status_code == 200


async def use_everything(chat: Chat, person: Person, room_id: str) -> None:
    """What a person asks for and changes, and what the host does; nothing is refused."""
    paths = (
        f"chat/rooms/{room_id}",
        f"chat/rooms/{room_id}/messages",
        "chat/rooms",
        "users/me",
        "users",
        "notifications",
    )
    for path in paths:
        assert (await person.get(f"/api/{path}")).status == 200
    assert (await person.put("/api/notifications/preferences", {"preview": False})).status == 200
    device = {"token": "a-token-of-a-phone-0123456789", "platform": "android"}
    assert (await person.put("/api/push/devices", device)).status == 200
    await chat.provision(person, name=f"{person.name} again")
    await chat.room(*chat.people)
    notice = {"userIds": [person.id], "type": "job_match", "title": "A job", "body": "For you."}
    posted = await chat.admin("POST", "/api/admin/notifications", json=notice)
    assert (await chat.admin("GET", f"/api/admin/notifications/{posted.data['id']}")).status == 200


async def test_a_migration_beneath_servers_under_load_is_not_noticed(database_url: str, tmp_path: Path) -> None:
    """Statements that they have prepared go on, with the same columns."""
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        people = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
        room_id = await chat.room(*people)
        clients = [await connect(chat, person, join=[room_id]) for person in people]
        async with flooding() as flood:
            for person, client in zip(people, clients, strict=True):
                flood.write(person, client, room_id)
            await flood.wait_for_acknowledgements(100)
            await use_everything(chat, people[0], room_id)
            with next_version(tmp_path / "versions", EXPAND):
                await asyncio.to_thread(upgrade, database_url, SCHEMA)
            await use_everything(chat, people[0], room_id)
            await flood.wait_for_acknowledgements(100)
            await flood.end()
            assert flood.others == []
            await check_stored(chat.database, [room_id], flood.sends)
        assert not server.faults()
