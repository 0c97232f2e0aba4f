"""The budget of a message: to which station a function belongs, and a node of a plan."""

from collections import Counter
from typing import Any

from bench.budget import OTHER_PARTS, REST, STATIONS, add_parts, by_station
from bench.switched import find_station


def station_of(place: str) -> str:
    return find_station(STATIONS, place, REST)


def test_a_function_is_at_the_station_of_its_module_unless_it_has_one_of_its_own() -> None:
    assert station_of("/x/hyred_chat/messages/service.py:Messages.send") == "queue"
    assert station_of("/x/hyred_chat/messages/service.py:Messages._on_stored") == "acknowledge"
    assert station_of("/x/hyred_chat/messages/lanes.py:Lane.submit") == "queue"
    assert station_of("/x/hyred_chat/messages/lanes.py:Lane._store") == "batch"
    assert station_of("/x/site-packages/asyncpg/connection.py:Connection.fetch") == "batch"
    assert station_of("/x/hyred_chat/server.py:run") == REST


def test_shares_are_of_all_that_was_seen() -> None:
    shares = by_station([("/x/hyred_chat/ids.py:new_id", 3), (":", 1)])
    assert shares == {"queue": 0.75, REST: 0.25}


def node(kind: str, milliseconds: float, *plans: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"Node Type": kind, "Actual Total Time": milliseconds, "Actual Loops": 1, "Plans": list(plans), **more}


def test_what_is_made_while_it_is_first_read_counts_for_who_makes_it() -> None:
    room = node("LockRows", 5.0, **{"Subplan Name": "CTE room"})
    first = node("CTE Scan", 5.5, **{"CTE Name": "room"})
    again = node("CTE Scan", 0.25, **{"CTE Name": "room"})
    found: Counter[str] = Counter()
    add_parts(node("Sort", 8.0, room, node("Hash Join", 7.0, first, again)), found)
    assert found == {"rooms: locked": 5.0, OTHER_PARTS: 1.0 + 1.25 + 0.5 + 0.25}


def test_a_node_counts_once_for_each_of_its_loops() -> None:
    look_up = {**node("Index Scan", 0.5, **{"Relation Name": "chat_members"}), "Actual Loops": 4}
    found: Counter[str] = Counter()
    add_parts(node("Nested Loop", 3.0, look_up, **{"Subplan Name": "CTE looked_up"}), found)
    assert found == {"members: looked up": 2.0, "seq and time": 1.0}
