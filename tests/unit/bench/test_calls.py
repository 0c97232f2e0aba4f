"""Calls by station: whose they are, and which of them a message owes."""

from typing import Any

from bench.calls import CALLS_A_SECOND, CALLS_EACH, Place, by_station, section

SOCKETS = ("/somewhere/hyred_chat/socketio/packets.py", 1, "encode")
SEARCH = ("/somewhere/hyred_chat/search/indexer.py", 1, "follow")
LIBRARY = ("/somewhere/json/decoder.py", 1, "decode")
LEN = ("~", 0, "<built-in method builtins.len>")


def test_a_function_in_c_counts_for_who_calls_it() -> None:
    stats = {
        SOCKETS: (3, 3, 0.3, 0.5, {}),
        LEN: (6, 6, 0.06, 0.06, {SOCKETS: (4, 4, 0.04, 0.04), SEARCH: (2, 2, 0.02, 0.02)}),
    }
    calls, seconds = by_station(stats)
    assert calls == {"sockets, packets": 7, "search (beside)": 2}
    assert round(seconds["sockets, packets"], 2) == 0.34


def test_what_nobody_called_and_what_libraries_do_is_everything_else() -> None:
    calls, _ = by_station({LIBRARY: (5, 5, 0.1, 0.1, {}), LEN: (2, 2, 0.1, 0.1, {})})
    assert calls == {"everything else": 7}


def test_what_goes_on_beside_the_messages_and_by_the_clock_is_not_held_against_them() -> None:
    owed = int(CALLS_EACH + CALLS_A_SECOND)
    stats: dict[Place, Any] = {SOCKETS: (owed, owed, 0.3, 0.5, {}), SEARCH: (10 * owed, 10 * owed, 0.3, 0.5, {})}
    assert section(stats, messages=1, elapsed=1.0).targets[0].met


def test_a_tenth_more_calls_are_too_many() -> None:
    many = int(CALLS_EACH * 1.1)
    assert not section({SOCKETS: (many, many, 0.3, 0.5, {})}, messages=1, elapsed=0.0).targets[0].met
