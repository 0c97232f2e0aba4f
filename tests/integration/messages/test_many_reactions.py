"""A room with very many reactions: what is read of them is looked up, and not searched for."""

from typing import Any

import orjson
import pytest

from hyred_chat.messages.change_repository import LIST_SOME_REACTORS
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
