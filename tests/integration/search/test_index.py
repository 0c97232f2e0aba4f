"""The index has every message, once, whatever happens to whoever makes it."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest

from hyred_chat.db.pool import Connection, Database
from hyred_chat.files.attachments import Attachment
from hyred_chat.search import indexer as indexing
from hyred_chat.search import merging, repository
from hyred_chat.search.indexer import Indexer
from hyred_chat.search.merging import BEGINNING, END
from tests.integration.accounts.test_people_search import PageCounter
from tests.integration.search.library import Library, index_to_the_end, make_indexer
from tests.machines import busy_machine

PATIENCE_SECONDS = 20.0


async def test_many_rooms_are_searched_page_by_page_in_the_order_of_time(library: Library) -> None:
    rooms = [await library.add_room("me", "you") for _ in range(30)]
    for turn in range(40):
        for room_id in rooms:
            await library.say(room_id, "you", f"common words number {turn}" + (" rare" if turn == 7 else ""))
    await library.index()
    everything = [(each.room_id, each.seq) for each in library.newest_first(rooms)]
    assert await library.walk("me", "common", limit=50) == everything
    rare = [(each.room_id, each.seq) for each in library.newest_first(rooms) if "rare" in each.content]
    assert await library.walk("me", "rare common", limit=7) == rare
    middle = library.newest_first(rooms)[600]
    older = await library.walk("me", "common", limit=50, until=middle.at)
    newer = await library.walk("me", "common", limit=50, since=middle.at)
    assert (older, newer) == (everything[600:], everything[:601])
    nowhere = await library.walk("me", "common", since=middle.at + timedelta(microseconds=1), until=middle.at)
    assert nowhere == []


@pytest.mark.parametrize(("bound", "value"), [("ENOUGH_SECONDS", 0), ("MAX_READ", 1)])
async def test_pages_that_end_early_leave_nothing_out(
    library: Library, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    rooms = [await library.add_room("me", "you") for _ in range(20)]
    for turn in range(30):
        for room_id in rooms:
            await library.say(room_id, "you", f"{turn} and " + ("common words" if turn % 3 else "words in common"))
    await library.index()
    monkeypatch.setattr(merging, bound, value)
    everything = [(each.room_id, each.seq) for each in library.newest_first(rooms) if "common words" in each.content]
    entries, cursor = await library.search("me", '"common words"', limit=50)
    assert (len(entries) < 50, cursor is not None) == (True, True)
    assert await library.walk("me", '"common words"', limit=50) == everything
    ranked = await library.walk("me", '"common words"', limit=50, order="relevance")
    assert sorted(ranked) == sorted(everything)


async def test_a_room_with_more_messages_than_a_block_is_searched_to_its_beginning(library: Library) -> None:
    room_id = await library.add_room("me", "you")
    count = 2 * repository.BLOCK_MESSAGES + 10
    await library.say(room_id, "you", *(f"hello {number}" for number in range(count)))
    await library.index()
    assert await library.fetch("SELECT first_seq FROM search_blocks ORDER BY 1") == [(1,), (1025,), (2049,)]
    assert len(await library.walk("me", "hello", limit=50)) == count
    assert await library.found("me", '"hello 3"') == ["hello 3"]


async def test_what_was_deleted_is_nowhere_at_once(library: Library) -> None:
    room_id = await library.add_room("me", "you")
    [message] = await library.say(room_id, "you", "the marker zzyzx")
    await library.index()
    assert await library.found("me", "zzyzx") == ["the marker zzyzx"]
    await library.delete(message)
    assert await library.found("me", "zzyzx") == []
    assert await library.found("me", "deleted") == []
    assert await library.fetch("SELECT 1 FROM message_terms") == []
    await library.index()
    assert await library.found("me", "deleted") == []
    assert await library.fetch("SELECT 1 FROM message_terms") == []


async def test_what_is_deleted_while_it_is_indexed_does_not_stay_in_the_index(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await library.add_room("me", "you")
    [message] = await library.say(room_id, "you", "the marker zzyzx")
    read, is_deleted = repository.list_unindexed, asyncio.Event()

    async def read_and_wait(*args: object, **options: object) -> object:
        messages = await read(*args, **options)  # type: ignore[arg-type]
        await is_deleted.wait()
        return messages

    monkeypatch.setattr(repository, "list_unindexed", read_and_wait)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(library.indexer.index([room_id]))
        await library.delete(message)
        is_deleted.set()
    assert await library.found("me", "zzyzx") == []
    await library.indexer.index_changed()
    assert await library.fetch("SELECT 1 FROM message_terms") == []


async def test_an_edit_is_found_by_what_it_says_now_alone(library: Library) -> None:
    room_id = await library.add_room("me", "you")
    [message] = await library.say(room_id, "you", "see you on monday")
    await library.edit(message, "see you on sunday")  # before it was indexed
    await library.index()
    assert await library.found("me", "sunday") == ["see you on sunday"]
    await library.edit(message, "see you on friday")
    assert await library.found("me", "sunday") == []
    assert await library.indexer.index_changed()
    assert not await library.indexer.index_changed()
    assert await library.found("me", "friday") == ["see you on friday"]
    assert await library.found("me", "see -sunday") == ["see you on friday"]


async def test_a_phrase_ends_with_what_is_said_and_with_the_name_of_a_file(library: Library) -> None:
    room_id = await library.add_room("me", "you")
    files = [Attachment("0" * 32, name, 1, "application/pdf", "pdf", b"key") for name in ("brown fox.pdf", "jumps.pdf")]
    await library.say(room_id, "you", "The quick", kind="file", files=files)
    await library.index()
    for query in ('"the quick"', '"brown fox"', '"fox pdf"', "quick brown", 'quick -"pdf jumps"'):
        assert await library.found("me", query) == ["The quick"], query
    for query in ('"quick brown"', '"pdf jumps"', "quick-brown"):
        assert await library.found("me", query) == [], query


async def test_several_indexers_share_the_work_and_index_each_message_once(
    library: Library, database: Database
) -> None:
    rooms = [await library.add_room("me", "you") for _ in range(20)]
    for room_id in rooms:
        await library.say(room_id, "you", *(f"hello {number}" for number in range(50)))
    others = [make_indexer(database) for _ in range(3)]
    await asyncio.gather(*(index_to_the_end(each) for each in others))
    assert sum(each.indexed for each in others) == 1000
    assert await library.fetch("SELECT count(*) FROM message_terms") == [(1000,)]


async def test_a_batch_that_was_interrupted_is_indexed_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    room_id = await library.add_room("me", "you")
    await library.say(room_id, "you", *(f"hello {number}" for number in range(600)))
    add_terms, calls = repository.add_terms, 0

    async def add_and_fail(*args: object) -> None:
        nonlocal calls
        calls += 1
        await add_terms(*args)  # type: ignore[arg-type]
        if calls == 2:
            raise ConnectionResetError

    monkeypatch.setattr(repository, "add_terms", add_and_fail)
    with pytest.raises(Exception, match="available"):
        await library.index()
    await library.index()
    assert await library.fetch("SELECT count(*) FROM message_terms") == [(600,)]
    assert len(await library.walk("me", "hello", limit=50)) == 600


async def test_a_running_indexer_finds_what_nobody_told_it_of(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await library.add_room("me", "you")
    [message, _] = await library.say(room_id, "you", "hello there", "good bye")
    monkeypatch.setattr(indexing, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(indexing, "CHANGES_SECONDS", 0.05)
    task = asyncio.create_task(library.indexer.run())
    async with asyncio.timeout(10):
        while await library.found("me", "hello") != ["hello there"]:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.01)
        await library.say(room_id, "you", "hello again")
        library.indexer.follow(room_id)
        await library.edit(message, "changed")
        for q, content in (("hello", "hello again"), ("changed", "changed")):
            while await library.found("me", q) != [content]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    task.cancel()


async def test_filters_hold_for_what_is_found(library: Library) -> None:
    room_id, other_id = await library.add_room("me", "you", "they"), await library.add_room("me", "they")
    await library.say(room_id, "you", "report at https://docs.example/report")
    await library.say(room_id, "they", "report", kind="file", metadata={"name": "Q3-report.pdf"})
    await library.say(other_id, "they", "report", kind="image", metadata={"name": "IMG_2041.jpeg"})
    await library.index()
    assert len(await library.walk("me", "report")) == 3
    assert [len(await library.walk("me", "report", has=kind)) for kind in ("file", "image", "link")] == [1, 1, 1]
    assert await library.walk("me", "report", sender_id="you") == [(room_id, 1)]
    assert await library.walk("me", "report", room_id=other_id) == [(other_id, 1)]
    assert await library.walk("me", "report", sender_id="nobody") == []
    assert await library.walk("me", "2041") == [(other_id, 1)]
    [entry], _ = await library.search("me", "q3-report.pdf")
    assert (entry["message"]["seq"], entry["highlights"]) == (2, [])
    assert entry["room"] == {"id": room_id, "title": None, "otherParticipant": entry["room"]["otherParticipant"]}


async def test_the_most_relevant_come_first_and_the_pages_go_on(library: Library) -> None:
    room_id = await library.add_room("me", "you")
    await library.say(room_id, "you", *(["car park"] * 150), *(["career"] * 50))
    await library.index()
    assert await library.found("me", "car", order="relevance", limit=1) == ["car park"]
    assert await library.found("me", "car", limit=1) == ["career"]
    everything = await library.walk("me", "car", order="relevance", limit=50)
    assert (len(everything), len(set(everything))) == (200, 200)


async def test_plans_that_were_made_among_few_messages_do_among_many(library: Library, database: Database) -> None:
    await library.execute("ALTER TABLE message_terms SET (autovacuum_enabled = off)")
    mine, theirs = await library.add_room("me", "you"), await library.add_room("you")
    await library.say(mine, "you", "hello")
    await library.index()
    async with database.connection() as connection:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        [(block, _)] = await repository.list_blocks(connection, "me", None, since=BEGINNING, until=END)
        counter = cast("Connection", PageCounter(connection))
        bounds = [(END, block)] * 20
        for _ in range(2):
            hits = await repository.look_up(counter, bounds, "'\x02 hello':*", ["\nhello"], since=BEGINNING, limit=24)
            steps = await repository.walk(counter, bounds, ["\nhello"], since=BEGINNING, limit=4)
            said = await repository.read(counter, hits, "me")
            assert [len(hits), sum(len(step.hits) for step in steps), len(said)] == [20, 20, 20]
            if not library.said[1:]:
                for _ in range(8):
                    await library.say(theirs, "you", *["hello world and all"] * 500)
                await library.index()
                counter.pages = 0  # type: ignore[attr-defined]
        pages = counter.pages  # type: ignore[attr-defined]
        await connection.execute("RESET plan_cache_mode")
    assert pages < 20 * 30, pages


async def test_while_the_server_is_busy_every_room_gets_a_little_and_the_rest_when_there_is_calm(
    library: Library, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [await library.add_room("me", "you") for _ in range(20)]
    for room_id in rooms:
        await library.say(room_id, "you", *(f"hello {number}" for number in range(30)))
    machine = await busy_machine()
    indexer = Indexer(database, machine.pace)
    assert await indexer.index(rooms) == (set(rooms[:8]), rooms[8:])
    assert indexer.indexed == indexing.MAX_MESSAGES // 8
    lock_rooms, batches = repository.lock_rooms, []

    async def note_and_lock(connection: Connection, room_ids: list[str]) -> dict[str, int]:
        batches.append(room_ids)
        if len(batches) == 3:
            machine.load, machine.rate = 0.0, 0
            machine.pass_by(10)
        return await lock_rooms(connection, room_ids)

    async def nobody_is_behind(*_: object, **__: object) -> tuple[None, list[str]]:
        return None, []

    monkeypatch.setattr(repository, "lock_rooms", note_and_lock)
    monkeypatch.setattr(repository, "list_behind", nobody_is_behind)
    for room_id in rooms:
        indexer.follow(room_id)
    assert 0 < indexer.longest_wait_seconds < PATIENCE_SECONDS
    task = asyncio.create_task(indexer.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while indexer.waiting_count:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.01)
    task.cancel()
    assert [len(batch) for batch in batches[:3]] == [8, 8, 8]
    assert {room_id for batch in batches[:3] for room_id in batch} == set(rooms)
    assert len(batches[3]) > len(batches[2])
    assert (indexer.indexed, indexer.longest_wait_seconds) == (600, 0)
    assert indexer.lag_seconds.count == len(rooms)
