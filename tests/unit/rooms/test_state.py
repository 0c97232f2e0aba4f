"""A room in memory: what is derived from positions, and how each member sees it."""

import json
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.files.attachments import GroupPicture
from hyred_chat.messages.records import MessageRecord
from hyred_chat.rooms.state import Member, RoomState, positions
from hyred_chat.rooms.system_events import SystemEvent

POSITION = st.integers(0, 20)


def member(user_id: str, read: int = 0, delivered: int | None = None) -> Member:
    person = json.dumps({"id": user_id, "name": user_id.title(), "avatar": None, "role": "va"}).encode()
    return Member(user_id, user_id.title(), person, read, read if delivered is None else delivered)


def room(*members: Member, **fields: Any) -> RoomState:
    state: dict[str, Any] = {
        "id": "room",
        "type": "direct",
        "status": "active",
        "title": None,
        "avatar": None,
        "created_at": "2026-01-01T00:00:00.000Z",
        "last_message_at": None,
        "last_seq": 0,
        "last_message": None,
        "members": {each.user_id: each for each in members},
    }
    return RoomState(**(state | fields))


def message(seq: int, sender_id: str = "ana") -> MessageRecord:
    created_at = f"2026-01-01T00:00:00.{seq:03}Z"
    return MessageRecord("room", seq, f"m-{seq}", None, sender_id, f"Number {seq}", "text", None, created_at)


def seen_by(state: RoomState, user_id: str) -> dict[str, Any]:
    view: dict[str, Any] = orjson.loads(state.encode_for(user_id))
    return view


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([(0, 0)], "sent"),
        ([(4, 4)], "sent"),
        ([(0, 5)], "delivered"),
        ([(5, 5)], "read"),
        ([(5, 5), (0, 0)], "sent"),
        ([(5, 5), (4, 5)], "delivered"),
        ([(5, 5), (9, 9)], "read"),
        ([], "sent"),
    ],
)
def test_a_status_is_the_lowest_that_holds_for_all_others(others: list[tuple[int, int]], expected: str) -> None:
    members = [member(f"user-{number}", read, delivered) for number, (read, delivered) in enumerate(others)]
    assert room(member("ana", 5), *members, last_seq=9).status_for_others(5, "ana") == expected


@given(st.lists(st.tuples(POSITION, POSITION), min_size=1, max_size=4), st.integers(1, 19))
def test_a_status_never_falls_from_a_message_to_the_one_before(reads: list[tuple[int, int]], seq: int) -> None:
    members = [member(f"user-{number}", read, max(read, more)) for number, (read, more) in enumerate(reads)]
    state = room(member("ana"), *members, last_seq=20)
    rank = ["sent", "delivered", "read"]
    before, after = (rank.index(state.status_for_others(each, "ana")) for each in (seq, seq + 1))
    assert before >= after


def test_a_new_message_is_the_newest_and_its_sender_has_read_it() -> None:
    state = room(member("ana"), member("bob"))
    state.advance(message(1, "bob"))
    assert (state.last_seq, state.last_message_at) == (1, "2026-01-01T00:00:00.001Z")
    assert positions(state.members.values(), "ana") == {
        "ana": {"lastReadSeq": 0, "lastDeliveredSeq": 0},
        "bob": {"lastReadSeq": 1, "lastDeliveredSeq": 1},
    }
    assert (state.unread_count_for("ana"), state.unread_count_for("bob")) == (1, 0)


def test_a_message_of_somebody_who_has_left_is_nobody_s_position() -> None:
    state = room(member("ana"))
    state.advance(message(1, "gone"))
    assert state.unread_count_for("ana") == 1


def test_a_new_message_wakes_an_archived_room() -> None:
    state = room(member("ana"), status="archived")
    state.advance(message(1))
    assert state.status == "active"


@given(POSITION, POSITION, POSITION, POSITION)
def test_taking_over_a_fresh_reading_never_moves_positions_back(
    read: int, fresh_read: int, more: int, fresh_more: int
) -> None:
    """The reading may have begun before what is known here was committed."""
    delivered, fresh_delivered = read + more, fresh_read + fresh_more
    state = room(member("ana", read, delivered), last_seq=20)
    state.take_over(room(member("ana", fresh_read, fresh_delivered), last_seq=18))
    now = state.members["ana"]
    assert (now.last_read_seq, now.last_delivered_seq) == (max(read, fresh_read), max(delivered, fresh_delivered))
    assert state.last_seq == 20


def test_taking_over_a_fresh_reading_takes_members_and_looks_and_keeps_what_was_delivered() -> None:
    state = room(member("ana"), member("bob"), last_seq=0)
    state.advance(message(1))
    fresh = room(
        member("ana"), member("cem", 7), type="group", status="blocked", title="All", avatar="/a.png", last_seq=9
    )
    state.take_over(fresh)
    assert (state.type, state.status, state.title, state.avatar) == ("group", "blocked", "All", "/a.png")
    assert list(state.members) == ["ana", "cem"]
    assert (state.last_seq, state.members["ana"].last_read_seq) == (1, 1)


def test_each_member_sees_the_other_and_whose_the_last_message_is() -> None:
    state = room(member("ana"), member("bob"))
    state.advance(message(1))
    for user_id, other, is_own, unread in (("ana", "bob", True, 0), ("bob", "ana", False, 1)):
        view = seen_by(state, user_id)
        assert view["otherParticipant"]["id"] == other
        assert view["lastMessage"]["isOwn"] is is_own
        assert (view["unreadCount"], view["lastReadSeq"]) == (unread, 1 - unread)
        assert [each["id"] for each in view["members"]] == ["ana", "bob"]


def test_whoever_comes_and_goes_and_is_renamed_is_seen_so_by_all() -> None:
    state = room(member("ana"), member("bob"), type="group")
    assert [each["name"] for each in seen_by(state, "ana")["members"]] == ["Ana", "Bob"]
    state.take_over(room(member("ana"), member("bob"), member("cem"), type="group"))
    assert [each["name"] for each in seen_by(state, "ana")["members"]] == ["Ana", "Bob", "Cem"]
    state.remove_member("bob")
    assert [each["name"] for each in seen_by(state, "ana")["members"]] == ["Ana", "Cem"]


def test_the_members_of_a_large_room_are_encoded_once_for_all_of_them() -> None:
    state = room(*(member(f"user-{number}") for number in range(1000)), type="group")
    seen_by(state, "user-0")
    encoded = state._encoded_members
    assert encoded is not None
    seen_by(state, "user-999")
    assert state._encoded_members is encoded


def test_a_picture_that_is_a_file_is_shown_by_an_address_for_whoever_looks_and_is_kept_by_nobody() -> None:
    state = room(member("ana"), member("bob"), type="group")
    without = state.looks()
    state.take_over(room(member("ana"), member("bob"), type="group", picture=GroupPicture("f1", b"key")))
    assert state.looks() != without
    shown = {user_id: seen_by(state, user_id)["otherParticipant"]["avatar"] for user_id in ("ana", "bob")}
    for user_id, avatar in shown.items():
        assert avatar.startswith(f"/api/chat/files/f1/preview?user={user_id}&until=")
        assert orjson.loads(state.encode_reference(user_id))["otherParticipant"]["avatar"] == avatar
    assert not [value for value in vars_of(state) if "signature=" in repr(value)]


def vars_of(state: RoomState) -> list[Any]:
    return [getattr(state, name) for name in state.__slots__]


def test_in_a_group_the_other_participant_is_the_group() -> None:
    state = room(member("ana"), member("bob"), type="group", title="All", avatar="/a.png")
    assert seen_by(state, "ana")["otherParticipant"] == {
        "id": "room",
        "name": "All",
        "avatar": "/a.png",
        "role": "group",
    }
    state.title = None
    assert seen_by(state, "ana")["otherParticipant"]["name"]


@pytest.mark.parametrize("names", [("ana",), ("ana", "bob", "cem")])
def test_a_support_room_that_is_not_for_two_has_no_other_participant(names: tuple[str, ...]) -> None:
    state = room(*(member(name) for name in names), type="support")
    assert seen_by(state, "ana")["otherParticipant"] is None


def test_a_position_that_is_ahead_of_what_was_delivered_here_shows_as_the_end() -> None:
    """Another node may have stored more than this one has handed out."""
    view = seen_by(room(member("ana", 7), last_seq=5), "ana")
    assert (view["lastReadSeq"], view["unreadCount"]) == (5, 0)


def test_somebody_who_left_keeps_their_name_and_somebody_unknown_has_one_too() -> None:
    state = room(member("ana"))
    state.former_members["bob"] = b'{"id":"bob"}'
    assert state.person_of("bob") == b'{"id":"bob"}'
    assert json.loads(state.person_of("ghost")).keys() == {"id", "name", "avatar", "role"}


@given(last_seq=POSITION, read_seq=POSITION, uncounted=st.sets(st.integers(1, 20)))
def test_messages_that_do_not_count_are_never_unread(last_seq: int, read_seq: int, uncounted: set[int]) -> None:
    state = room(member("ana", read_seq), last_seq=last_seq, uncounted=sorted(uncounted))
    assert state.unread_count_for("ana") == len(set(range(read_seq + 1, last_seq + 1)) - uncounted)


def test_a_message_of_the_system_is_the_newest_and_moves_nobody() -> None:
    state = room(member("ana", 2), member("bob", 1), type="group", last_seq=2, status="archived")
    state.advance(message(3, "bob"))
    event = SystemEvent("left", "ana").as_metadata()
    state.advance(replace(message(4), type="system", content="", metadata=event))
    view = seen_by(state, "ana")
    assert (view["lastSeq"], view["unreadCount"], view["lastReadSeq"], view["status"]) == (4, 1, 2, "active")
    assert view["lastMessage"]["content"] == "Ana left."
    assert seen_by(state, "bob")["unreadCount"] == 0
    assert (state.written_seq, state.uncounted) == (3, [4])


def test_what_does_not_count_is_known_once_however_often_it_is_told() -> None:
    state = room(member("ana"), last_seq=9, uncounted=[3, 7])
    for seq in (7, 5, 3, 9, 5):
        state.uncount(seq)
    assert state.uncounted == [3, 5, 7, 9]


def test_somebody_who_left_is_still_called_by_their_name() -> None:
    state = room(member("ana"), member("bob"), member("cem"), type="group")
    state.remove_member("bob")
    state.take_over(room(member("ana"), type="group"))
    assert [state.name_of(user_id) for user_id in ("ana", "bob", "cem", "nobody")] == [
        "Ana", "Bob", "Cem", "Former member",
    ]  # fmt: skip


def test_an_event_from_another_process_keeps_its_words_until_its_people_are_known() -> None:
    state = room(member("ana"), type="group")
    event = SystemEvent("added", "ana", ["bob"]).as_metadata()
    state.advance(replace(message(1), type="system", content="Ana added Robert.", metadata=event))
    assert seen_by(state, "ana")["lastMessage"]["content"] == "Ana added Robert."
    state.take_over(room(member("ana"), member("bob"), type="group", last_seq=1))
    assert seen_by(state, "ana")["lastMessage"]["content"] == "Ana added Bob."
