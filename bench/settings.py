"""How long and how much: the full measure, and a quick one to see that all is well."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The sizes of all measures. `measure_seconds`: the longest that one may take, without what it writes before."""

    measure_seconds: float = 900.0
    pair_counts: tuple[int, ...] = (10, 50, 200)
    judged_from_pairs: int = 50
    rounds: int = 3
    warm_up_seconds: float = 2.0
    window_seconds: float = 5.0
    stride: int = 1  # 2: only one person of each pair sends
    offered_per_second: int = 500
    offered_seconds: float = 10.0
    attack_seconds: float = 8.0
    idle_connections: tuple[int, ...] = (5000,)
    silent_sockets: int = 10_000
    connects: int = 2000
    storm_connections: tuple[int, ...] = (5000,)
    counted_calls: int = 30
    page_requests: int = 50
    room_messages: int = 1_000_000
    user_rooms: int = 1000
    changed_messages: int = 1000
    searched_messages: int = 1_000_000
    stored_messages: int = 10_000_000
    paired_turns: int = 40
    other_tree: str | None = None  # a folder or a commit: what `paired` compares with


def quick() -> Settings:
    """About a minute in all: for a change of the code, not for the record."""
    return Settings(
        pair_counts=(50,),
        rounds=1,
        warm_up_seconds=1.0,
        window_seconds=2.0,
        offered_seconds=4.0,
        attack_seconds=3.0,
        idle_connections=(1000,),
        silent_sockets=2000,
        connects=1000,
        storm_connections=(1000,),
        counted_calls=10,
        page_requests=20,
        room_messages=100_000,
        searched_messages=100_000,
        stored_messages=200_000,
        paired_turns=6,
    )


def progress(line: str) -> None:
    """Says what is going on, apart from the tables."""
    print(line, file=sys.stderr, flush=True)
