"""Values that no request should hold, and what an answer to them must look like."""

import json
import re
from typing import Any

from tests.acceptance.people import Answer, Chat

# For each kind of field, values of other kinds. A truth value is no number, a number is no text, a list no object.
WRONG_TYPES: dict[str, list[Any]] = {
    "text": [1, 1.5, True, [], ["text"], {}, {"text": "text"}],
    "number": ["1", "", 1.5, True, [], [1], {}, -1, 2**53, 2**64, 10**30, 1e308],
    "boolean": [0, 1, "true", "", [], {}],
    "list": ["text", 1, True, {}, [1], [None], [["somebody"]], ["x" * 129], ["\0"], ["somebody"] * 101],
    "object": ["{}", 1, True, [], [{}], [["a", 1]]],
}
UNKNOWN_ID = "0" * 32
# Few characters to whoever sees them: within the bound of a body, and beyond.
COMBINING = ["a" + "\u0301" * count for count in (20_000, 100_000)]
# Ids that nothing has. The first is of the usual kind, the others are not even that.
STRANGE_IDS = [UNKNOWN_ID, "", "x" * 129, "x" * 50_000, "\0", "a\0b", "\ud800", "\n", "' OR 1=1 --", "../..", "🙂", "%"]
REFUSALS_OF_IDS = {"bad_request", "access_denied", "not_found"}

STATUS_OF = {
    "bad_request": 400,
    "unauthenticated": 401,
    "access_denied": 403,
    "room_blocked": 403,
    "user_not_found": 403,
    "not_found": 404,
    "conflict": 409,
    "limit_reached": 409,
    "too_late": 409,
    "message_deleted": 409,
    "file_not_ready": 409,
    "file_refused": 409,
    "gone": 410,
    "unsupported_version": 412,
    "too_large": 413,
    "unsupported_type": 415,
    "checksum_mismatch": 460,
}

_INTERNALS = re.compile(
    r"pydantic|traceback|asyncpg|postgres|select |insert |update |constraint|_key\b|_pkey|_fkey|hyred_chat|blytz_hire"
    r"|chat_rooms|chat_members|constrained-|function-|\[key\]|\.py\b|exception|<class|errors\.|loc\b|ctx\b",
    re.IGNORECASE,
)


def nested(levels: int) -> dict[str, Any]:
    """An object that is so many levels deep."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"deeper": value}
    return value


def check_refusal(envelope: dict[str, Any], *codes: str) -> None:
    """A failure envelope with one of these codes, and nothing in it that only programmers know."""
    assert envelope["success"] is False, envelope
    assert envelope.keys() <= {"success", "error", "code", "details"}
    assert envelope["code"] in codes, envelope
    assert envelope["error"].endswith((".", "?", "required", "failed", "found")), envelope
    found = _INTERNALS.search(json.dumps(envelope))
    assert found is None, (found, envelope)


def check_answer(answer: Answer, *codes: str) -> None:
    """The same of an HTTP answer, with the status that goes with the code."""
    check_refusal(answer.envelope, *codes)
    assert answer.status == STATUS_OF[answer.code]


async def snapshot(chat: Chat) -> list[Any]:
    """All that a request could have stored or moved."""
    tables = (
        "messages",
        "chat_rooms",
        "users",
        "message_reactions",
        "message_versions",
        "user_blocks",
        "reports",
        "files",
    )
    counts = [await chat.database.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608  # constants
    members = await chat.database.fetchrow(
        "SELECT count(*), sum(last_read_seq), sum(last_delivered_seq), count(muted_until), count(archived_seq),"
        " count(marked_unread_seq), count(*) FILTER (WHERE role = 'admin'), count(draft_at) FROM chat_members"
    )
    rooms = await chat.database.fetchrow(
        "SELECT sum(last_change), md5(string_agg(concat(title, avatar_url, avatar_file_id), ',' ORDER BY id))"
        " FROM chat_rooms"
    )
    received = await chat.database.fetchval("SELECT sum(received) FROM files")
    decided = await chat.database.fetchval("SELECT count(moderator_note) + count(decided_at) FROM reports")
    return [*counts, tuple(members or ()), tuple(rooms or ()), received, decided]
