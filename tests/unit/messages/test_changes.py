"""What becomes of a message that somebody wants to change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.errors import ChatError
from hyred_chat.messages.additions import DELETED_CONTENT, Additions
from hyred_chat.messages.changes import (
    MAX_EMOJI,
    MAX_FORMER_BYTES,
    MAX_PINNED,
    ChangeOutcome,
    ChangeRules,
    Delete,
    Edit,
    PendingChange,
    Pin,
    React,
    Room,
    Subject,
    Wanted,
    decide,
)
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.sends import Changed, ChangedSince, Refused, Unchanged

SENT_AT, NOW = "2026-01-01T00:00:00.000Z", "2026-01-01T01:00:00.000Z"
RULES = ChangeRules(edit_seconds=3600, delete_seconds=3600, keeps_versions=True)
PEOPLE = ("ana", "ben", "cem")
EMOJI = ("👍", "❤️", "🎉", "😂", "😮")


def subject(age_seconds: float = 60.0, message_type: str = "text") -> Subject:
    record = MessageRecord("room", 1, "m", None, "ana", "Hello", message_type, '{"a":1}', SENT_AT)
    return Subject(record, age_seconds, NOW, {})


def room(
    *, is_group: bool = False, is_blocked: bool = False, pinned: int = 0, roles: dict[str, str] | None = None
) -> Room:
    return Room("room", is_group, is_blocked, 7, pinned, roles or dict.fromkeys(PEOPLE, "member"))


def change(wanted: Wanted, by: str = "ana", rules: ChangeRules = RULES, *, is_admin: bool = False) -> PendingChange:
    return PendingChange("c", "room", by, is_admin, "m", None, wanted, rules, lambda _: None, 0.0)


def code_of(outcome: ChangeOutcome) -> str:
    assert isinstance(outcome, Refused)
    return outcome.error.code


def test_an_edit_takes_the_next_change_and_keeps_what_was_said() -> None:
    message, where = subject(), room()
    outcome = decide(change(Edit("Goodbye")), message, where)
    assert isinstance(outcome, Changed)
    assert (outcome.record.content, outcome.record.change, where.last_change) == ("Goodbye", 8, 8)
    again = decide(change(Edit("Adieu")), message, where)
    assert isinstance(again, Changed)
    assert [(each.change, each.content, each.created_at) for each in message.versions] == [
        (8, "Hello", SENT_AT),
        (9, "Goodbye", NOW),
    ]


def test_the_same_content_changes_nothing_however_late_and_whatever_is_known() -> None:
    message, where = subject(age_seconds=1e9), room(is_blocked=True)
    message.record = replace(message.record, additions=Additions(change=5))
    assert isinstance(decide(change(Edit("Hello", if_change=0)), message, where), Unchanged)
    assert where.last_change == 7


def test_an_edit_of_an_older_state_changes_nothing() -> None:
    message, where = subject(), room()
    decide(change(React("👍", on=True), by="ben"), message, where)
    assert isinstance(decide(change(Edit("Goodbye", if_change=7)), message, where), ChangedSince)
    assert isinstance(decide(change(Edit("Goodbye", if_change=8)), message, where), Changed)


@pytest.mark.parametrize(
    ("wanted", "by", "expected"),
    [
        (Edit("x"), "ben", "access_denied"),
        (Edit("x"), "eve", "not_found"),
        (Delete(), "ben", "access_denied"),
        (Delete(), "eve", "not_found"),
        (React("👍", on=True), "eve", "not_found"),
        (Pin(on=True), "eve", "not_found"),
        (Pin(on=True, room_id="another"), "ana", "not_found"),
    ],
)
def test_who_may_not(wanted: Wanted, by: str, expected: str) -> None:
    assert code_of(decide(change(wanted, by), subject(), room())) == expected


def test_what_is_too_late() -> None:
    assert code_of(decide(change(Edit("x")), subject(age_seconds=3601), room())) == "too_late"
    assert code_of(decide(change(Delete()), subject(age_seconds=3601), room())) == "too_late"
    never = replace(RULES, edit_seconds=0)
    assert code_of(decide(change(Edit("x"), rules=never), subject(age_seconds=0), room())) == "too_late"
    assert isinstance(decide(change(Delete(), "eve", is_admin=True), subject(age_seconds=1e9), room()), Changed)
    group = room(is_group=True, roles={"ana": "member", "ben": "admin"})
    assert isinstance(decide(change(Delete(), "ben"), subject(age_seconds=1e9), group), Changed)


def test_a_deletion_leaves_nothing_and_cannot_be_undone() -> None:
    message, where = subject(), room(pinned=1)
    decide(change(React("👍", on=True), by="ben"), message, where)
    decide(change(Pin(on=True)), message, where)
    outcome = decide(change(Delete()), message, where)
    assert isinstance(outcome, Changed)
    record, additions = outcome.record, message.additions
    assert (record.content, record.type, record.metadata) == (DELETED_CONTENT, "text", None)
    assert (additions.reactions, additions.pinned_at, additions.deleted_by) == ([], None, "ana")
    assert (message.removed and message.removed.content, where.pinned_count) == ("Hello", 1)
    assert isinstance(decide(change(Delete()), message, where), Unchanged)
    for wanted in (Edit("x"), React("👍", on=True), Pin(on=True)):
        assert code_of(decide(change(wanted), message, where)) == "message_deleted"


def test_what_a_system_says_stays() -> None:
    message = subject(message_type="system")
    assert code_of(decide(change(Edit("x")), message, room())) == "access_denied"
    assert code_of(decide(change(Delete()), message, room())) == "access_denied"


def test_bounds_of_reactions_and_pins() -> None:
    message, where = subject(), room(roles=dict.fromkeys((f"p{number}" for number in range(30)), "member"))
    for number in range(MAX_EMOJI):
        assert isinstance(decide(change(React(str(number), on=True), f"p{number}"), message, where), Changed)
    assert code_of(decide(change(React("more", on=True), "p25"), message, where)) == "limit_reached"
    for emoji in ("1", "2"):
        decide(change(React(emoji, on=True), "p0"), message, where)
    assert code_of(decide(change(React("3", on=True), "p0"), message, where)) == "limit_reached"
    full = room(pinned=MAX_PINNED)
    assert code_of(decide(change(Pin(on=True)), message, replace(full, roles=where.roles | {"ana": "member"}))) == (
        "limit_reached"
    )


def test_a_message_is_edited_as_long_as_what_it_said_before_fits_into_a_page() -> None:
    message, where = subject(), room()
    long = "x" * (MAX_FORMER_BYTES * 2)
    assert isinstance(decide(change(Edit(long)), message, where), Changed)
    assert code_of(decide(change(Edit("short")), message, where)) == "limit_reached"
    first = subject()
    first.record = replace(first.record, content=long)
    assert isinstance(decide(change(Edit("short")), first, where), Changed)
    assert [each.content for each in first.versions] == [long]
    unkept = replace(RULES, keeps_versions=False)
    assert isinstance(decide(change(Edit("shorter"), rules=unkept), first, where), Changed)


STEP = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(EMOJI), st.booleans())


@given(st.lists(STEP, max_size=60))
def test_reactions_are_what_the_last_of_each_says(steps: list[tuple[str, str, bool]]) -> None:
    message, where = subject(), room()
    expected: dict[tuple[str, str], bool] = {}
    changes = 7
    for user_id, emoji, on in steps:
        outcome = decide(change(React(emoji, on=on), user_id), message, where)
        if isinstance(outcome, Refused):
            assert isinstance(outcome.error, ChatError)
            continue
        expected[user_id, emoji] = on
        changes += isinstance(outcome, Changed)
    assert where.last_change == changes
    shown = {(user_id, each.emoji) for each in message.additions.reactions for user_id in each.user_ids}
    assert shown == {key for key, on in expected.items() if on}
    assert all(each.count == len(each.user_ids) for each in message.additions.reactions)
