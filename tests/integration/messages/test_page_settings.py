"""A page never outgrows what may wait for a socket, whatever the settings: a client that polls becomes whole."""

import itertools

import orjson
import pytest

from hyred_chat.config import Settings
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import seqs
from tests.integration.realtime.application import open_chat, running_application

MESSAGES = 12
EXTREMES = [
    {"max_message_chars": chars, "max_metadata_bytes": metadata_bytes, "max_buffered_bytes": buffered_bytes}
    for chars, metadata_bytes, buffered_bytes in itertools.product((1, 1000, 100_000), (2, 65_536), (65_536, 1_000_000))
]


async def fill(chat: Chat, chars: int, metadata_bytes: int) -> tuple[Person, Person, str]:
    """A pair with a room full of the longest messages, whose sender has the longest name and picture."""
    va, company, room_id = await chat.filled_pair(MESSAGES)
    await chat.provision(company, name="🙂" * 200, avatar=f"https://pictures.example.com/{'x' * 2000}")
    await chat.database.execute(
        "UPDATE messages SET content = repeat('🙂', $2), metadata = $3::text::json WHERE room_id = $1",
        room_id,
        chars,
        "{}" if metadata_bytes == 2 else orjson.dumps({"a": "x" * (metadata_bytes - 8)}).decode(),
    )
    return va, company, room_id


@pytest.mark.parametrize("settings", EXTREMES, ids=lambda settings: "-".join(map(str, settings.values())))
async def test_a_client_that_polls_becomes_whole_by_joining_and_by_sync(
    database_url: str, settings: dict[str, int]
) -> None:
    bounds = {"max_body_bytes": 10_000_000, "max_payload_bytes": 10_000_000}
    async with running_application(database_url, **settings, **bounds) as running:
        chat = await open_chat(running)
        va, company, room_id = await fill(chat, settings["max_message_chars"], settings["max_metadata_bytes"])
        client = await va.connect(transports=("polling",))
        known, more = 0, True
        while more:
            answer = await client.ask("sync", {"rooms": {room_id: known}})
            found = seqs(answer["rooms"][0]["messages"])
            assert found == list(range(known + 1, known + 1 + len(found)))
            known, more = known + len(found), answer["more"]
        assert known == MESSAGES
        joined = await client.join(room_id, afterSeq=0)
        found = seqs(joined.history)
        assert found == list(range(MESSAGES - len(found) + 1, MESSAGES + 1))
        assert joined.reload is (len(found) < MESSAGES)
        longest = "🙂" * settings["max_message_chars"]
        await company.post_message(room_id, longest)
        assert (await client.wait_for("new_message"))["content"] == longest
        assert client.connected
        await chat.close()


@pytest.mark.parametrize("settings", EXTREMES, ids=lambda settings: "-".join(map(str, settings.values())))
def test_a_page_is_at_most_a_third_of_the_buffer_and_a_message_a_sixth(settings: dict[str, int]) -> None:
    bounds = {"max_body_bytes": 10_000_000, "max_payload_bytes": 10_000_000}
    checked = Settings.model_validate({**settings, **bounds})
    longest = 4 * checked.max_message_chars + checked.max_metadata_bytes
    assert checked.page_bytes <= checked.buffered_bytes / 3
    assert longest < checked.buffered_bytes / 6
    assert checked.buffered_bytes >= checked.max_buffered_bytes
