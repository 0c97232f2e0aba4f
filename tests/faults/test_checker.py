"""The checker, on histories that are too short to be wrong by accident: a whole one, and one for each anomaly."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.checker import check
from faults.history import Record, read_history, write_history
from faults.report import render

ROOM, ANA, BEN = "room", "ana", "ben"
MESSAGES = [[1, "m1", ANA, "ana-1"], [2, "m2", BEN, "ben-1"], [3, "m3", ANA, "ana-2"]]


def sent(t: float, user: str, number: int, *, seq: int | None, outcome: str = "ok") -> Record:
    message_id = f"m{seq}" if outcome == "ok" else None
    about = {"room": ROOM, "clientMessageId": f"{user}-{number}", "attempt": 1, "code": None}
    about |= {"id": message_id, "seq": seq if outcome == "ok" else None}
    return {"t": t, "kind": "op", "op": "send", "user": user, "began": t - 0.1, "outcome": outcome} | about


def read(t: float, user: str, position: int) -> Record:
    about = {"device": f"{user}/0", "room": ROOM, "asked": position, "position": position, "node": "node 1"}
    return {"t": t, "kind": "op", "op": "read", "user": user, "began": t - 0.1, "outcome": "ok"} | about


def by(t: float, kind: str, user: str, **fields: object) -> Record:
    return {"t": t, "kind": kind, "device": f"{user}/0", "session": 1, "room": ROOM, **fields}


def heard(t: float, user: str, seq: int) -> Record:
    sender = MESSAGES[seq - 1][2]
    return by(t, "message", user, seq=seq, id=f"m{seq}", sender=sender, isOwn=sender == user)


def listed(t: float, user: str, last: int, read_seq: int, unread: int) -> Record:
    return by(t, "list", user, live=True, lastSeq=last, lastReadSeq=read_seq, unread=unread)


def whole_history() -> list[Record]:
    """Ana and Ben in a room, three messages, one of them sent twice because its first outcome was unknown."""
    records: list[Record] = [
        {"t": 0.0, "kind": "start", "seed": 1, "seconds": 9.0, "nodes": ["node 1"], "commit": "x"}
        | {"rooms": {ROOM: [ANA, BEN]}, "devices": {"ana/0": ANA, "ben/0": BEN}}
    ]
    for user in (ANA, BEN):
        records += [
            by(0.1, "connected", user, node="node 1", through=["node 1"], transport="websocket"),
            by(0.2, "joining", user, after=0),
            by(0.3, "joined", user),
        ]
    records += [
        {"t": 0.5, "kind": "fault", "number": 1, "name": "Redis flushed", "edge": "begin", "detail": ""},
        {"t": 0.6, "kind": "fault", "number": 1, "name": "Redis flushed", "edge": "end", "detail": ""},
        sent(1.0, ANA, 1, seq=1),
        *(heard(1.1, user, 1) for user in (ANA, BEN)),
        read(1.2, BEN, 1),
        by(1.3, "receipt", ANA, reader=BEN, seq=1),
        sent(2.0, BEN, 1, seq=2),
        *(heard(2.1, user, 2) for user in (ANA, BEN)),
        by(2.3, "receipt", ANA, reader=BEN, seq=2),
        listed(2.5, BEN, 2, 2, 0),
        sent(3.0, ANA, 2, seq=None, outcome="unknown"),
        *(heard(3.1, user, 3) for user in (ANA, BEN)),
        sent(4.0, ANA, 2, seq=3),
        listed(4.1, BEN, 3, 2, 1),
        listed(4.1, ANA, 3, 3, 0),
        {"t": 5.0, "kind": "healed"},
        {"t": 6.0, "kind": "presence", "node": "node 1", "online": {ANA: True}, "truth": {ANA: True}},
        {"t": 40.0, "kind": "over"},
        {"t": 40.1, "kind": "stored", "room": ROOM, "lastSeq": 3, "messages": MESSAGES, "read": {ANA: 3, BEN: 2}},
        {"t": 40.1, "kind": "fetched", "user": BEN, "node": "node 1", "room": ROOM}
        | {"lastSeq": 3, "lastReadSeq": 2, "unread": 1, "counted": 1},
        {"t": 40.1, "kind": "page", "user": BEN, "node": "node 1", "room": ROOM}
        | {"messages": [[seq, message_id] for seq, message_id, _, _ in MESSAGES]},
    ]
    return copy.deepcopy(records)


def first(records: list[Record], kind: str, **fields: object) -> int:
    return next(
        at
        for at, record in enumerate(records)
        if record["kind"] == kind and all(record.get(name) == value for name, value in fields.items())
    )


def lose_what_was_acknowledged(records: list[Record]) -> None:
    stored = records[first(records, "stored")]
    stored["messages"].pop()
    stored["lastSeq"] = 2


def store_something_else(records: list[Record]) -> None:
    records[first(records, "stored")]["messages"][0][3] = "ana-9"


def store_twice(records: list[Record]) -> None:
    stored = records[first(records, "stored")]
    stored["messages"].append([4, "m4", ANA, "ana-2"])
    stored["lastSeq"] = 4


def acknowledge_a_repeat_as_another(records: list[Record]) -> None:
    again = sent(4.5, BEN, 1, seq=3)
    records.insert(first(records, "healed"), again)


def store_what_was_refused(records: list[Record]) -> None:
    for at in (first(records, "op", user=BEN, op="send"),):
        records[at] |= {"outcome": "failed", "id": None, "seq": None}


def tell_twice(records: list[Record]) -> None:
    records.insert(first(records, "receipt"), heard(1.15, BEN, 1))


def skip_one(records: list[Record]) -> None:
    del records[first(records, "message", device="ben/0", seq=2)]


def swap_two(records: list[Record]) -> None:
    one, two = (first(records, "message", device="ben/0", seq=seq) for seq in (1, 2))
    records[one]["seq"], records[two]["seq"] = 2, 1
    records[one]["id"], records[two]["id"] = "m2", "m1"


def disagree_about_a_number(records: list[Record]) -> None:
    records[first(records, "message", device="ben/0", seq=2)]["id"] = "m9"


def miss_the_last_one(records: list[Record]) -> None:
    del records[first(records, "message", device="ben/0", seq=3)]


def heal_late(records: list[Record]) -> None:
    late = records.pop(first(records, "message", device="ben/0", seq=3))
    records.insert(first(records, "over"), late | {"t": 4.0 + 18})


def rewind_an_answer(records: list[Record]) -> None:
    records.insert(first(records, "healed"), read(4.5, BEN, 0))


def answer_less_than_was_read(records: list[Record]) -> None:
    records[first(records, "op", op="read")]["asked"] = 2


def rewind_what_is_stored(records: list[Record]) -> None:
    records[first(records, "stored")]["read"][BEN] = 1


def rewind_a_receipt(records: list[Record]) -> None:
    records.insert(first(records, "healed"), by(4.5, "receipt", ANA, reader=BEN, seq=1))


def count_wrong(records: list[Record]) -> None:
    records[first(records, "fetched")]["counted"] = 2


def show_an_old_list(records: list[Record]) -> None:
    del records[first(records, "list", device="ben/0", lastSeq=3)]


def read_an_old_page(records: list[Record]) -> None:
    records[first(records, "page")]["messages"].pop()


def see_a_ghost(records: list[Record]) -> None:
    records[first(records, "presence")]["online"][ANA] = False


def answer_without_an_envelope(records: list[Record]) -> None:
    about = {"request": "GET /api/chat/rooms", "status": 500, "text": "Internal Server Error"}
    records.insert(first(records, "healed"), {"t": 4.5, "kind": "bare", "node": "node 1"} | about)


def log_a_fault(records: list[Record]) -> None:
    records.append({"t": 41.0, "kind": "log", "node": "node 1", "line": "error asyncio: Exception in callback"})


ANOMALIES: list[tuple[Callable[[list[Record]], None], str]] = [
    (lose_what_was_acknowledged, "durable"),
    (store_something_else, "durable"),
    (store_twice, "once"),
    (acknowledge_a_repeat_as_another, "once"),
    (store_what_was_refused, "once"),
    (tell_twice, "order"),
    (skip_one, "order"),
    (swap_two, "order"),
    (disagree_about_a_number, "order"),
    (miss_the_last_one, "whole"),
    (heal_late, "healing"),
    (rewind_an_answer, "positions"),
    (answer_less_than_was_read, "positions"),
    (rewind_what_is_stored, "positions"),
    (rewind_a_receipt, "positions"),
    (count_wrong, "unread"),
    (show_an_old_list, "unread"),
    (read_an_old_page, "order"),
    (see_a_ghost, "presence"),
    (answer_without_an_envelope, "envelopes"),
    (log_a_fault, "logs"),
]


def test_a_history_in_which_all_is_well_has_no_violation(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    write_history(path, whole_history())
    facts, violations = check(read_history(path))
    assert not violations
    report = render(facts, violations)
    assert "No promise was broken." in report
    assert "| send | 3 | 0 | 1 |" in report


@pytest.mark.parametrize(("break_it", "promise"), ANOMALIES, ids=[each.__name__ for each, _ in ANOMALIES])
def test_each_anomaly_is_found(break_it: Callable[[list[Record]], None], promise: str) -> None:
    records = whole_history()
    break_it(records)
    facts, violations = check(records)
    assert promise in {violation.promise for violation in violations}
    assert "BROKEN PROMISES" in render(facts, violations)


def test_a_message_of_unknown_outcome_may_be_stored_or_not() -> None:
    records = whole_history()
    records.insert(first(records, "healed"), sent(4.5, BEN, 7, seq=None, outcome="unknown"))
    assert check(records)[1] == []


def test_somebody_is_late_though_another_node_is_away() -> None:
    records = whole_history()
    heal_late(records)
    for fault in (record for record in records if record["kind"] == "fault"):
        fault |= {"name": "node stopped", "detail": "node 2", "t": 3.5 if fault["edge"] == "begin" else 20.0}
    assert [violation.promise for violation in check(records)[1]] == ["healing"]


def test_nobody_is_late_while_their_node_or_the_database_is_away() -> None:
    records = whole_history()
    heal_late(records)
    for fault in (record for record in records if record["kind"] == "fault"):
        fault |= {"name": "node stopped", "detail": "node 1", "t": 3.5 if fault["edge"] == "begin" else 20.0}
    assert check(records)[1] == []
