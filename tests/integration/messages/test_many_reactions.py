"""A room with very many reactions: what is read is looked up, and is no more than an answer holds."""

from typing import Any

import orjson
import pytest

from hyred_chat.messages.change_repository import LIST_SOME_REACTORS
from hyred_chat.messages.repository import LIST_NEWEST
from hyred_chat.pages import PAGE_BYTES
from tests.acceptance.people import Chat

MESSAGES = 50


def scans_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes of a plan that read `message_reactions`."""
    own = [plan] if plan.get("Relation Name") == "message_reactions" else []
    return own + [scan for child in plan.get("Plans", ()) for scan in scans_of(child)]


@pytest.mark.parametrize("is_known", [False, True], ids=["nothing known of the table", "analysed"])
async def test_one_s_own_among_many_reactions_are_looked_up_for_each_message(chat: Chat, is_known: bool) -> None:
    va, _, room_id = await chat.pair()
    await chat.database.execute(
        "INSERT INTO message_reactions (room_id, seq, user_id, emoji, change)"
        " SELECT $1, seq, 'somebody-' || number, '👍', number"
        " FROM generate_series(1, $2::int) seq, generate_series(1, 400) number",
        room_id,
        MESSAGES,
    )
    if is_known:
        await chat.database.execute("ANALYZE message_reactions")
    keys = [room_id] * MESSAGES, list(range(1, MESSAGES + 1)), [va.id]
    [(plan,)] = await chat.database.fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {LIST_SOME_REACTORS}", *keys)
    [scan] = scans_of(orjson.loads(plan)[0]["Plan"])
    assert scan["Actual Loops"] == MESSAGES
    for column in ("room_id", "seq", "user_id"):
        assert column in scan["Index Cond"]
    # A few pages for each look-up: those from the root of the index down to its leaf.
    assert scan["Shared Hit Blocks"] + scan["Shared Read Blocks"] <= 6 * MESSAGES


async def test_what_a_page_reads_is_bounded_by_its_bytes_and_not_by_how_many_are_asked_for(chat: Chat) -> None:
    _, _, room_id = await chat.filled_pair(100)
    # 20 emoji with the names of 20 people each, as an answer has them: about 15 KB a message, 1.5 MB in all.
    await chat.database.execute(
        """
        UPDATE messages SET change = seq, reactions = (
            SELECT json_agg(json_build_array(chr(128512 + emoji), 20, (
                SELECT json_agg(md5(seq || '-' || emoji || '-' || person)) FROM generate_series(1, 20) person
            ))) FROM generate_series(1, 20) emoji
        ) WHERE room_id = $1
        """,
        room_id,
    )
    blocks, messages = {}, {}
    for wanted in (25, 100):
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {LIST_NEWEST}"
        [(plan,)] = await chat.database.fetch(explained, room_id, 100 - wanted, 100, PAGE_BYTES)
        read = orjson.loads(plan)[0]["Plan"]
        blocks[wanted] = read["Shared Hit Blocks"] + read["Shared Read Blocks"]
        messages[wanted] = read["Actual Rows"]
    assert messages[100] == messages[25] < 25
    # What is stored apart of a message takes ten blocks; the row itself is at most one.
    assert blocks[100] - blocks[25] <= 2 * (100 - 25)
