"""Weighing idle connections: no more than there may be, and what is said when that is fewer than were asked for."""

import dataclasses
import os

import pytest

from bench import memory
from bench.__main__ import numbers
from bench.settings import Settings


def test_no_more_connections_are_made_than_either_process_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {os.getpid(): 20_000, 7: 30_000}
    monkeypatch.setattr(memory, "file_limit", limits.__getitem__)
    fewest = 20_000 - memory.OTHER_FILES - memory.WARM_UP_CONNECTIONS
    assert memory.most_connections(7) == fewest
    limits[7] = 1000
    assert memory.most_connections(7) < 1000


def test_whoever_asked_for_more_than_are_possible_is_told() -> None:
    rows = [(5000, 1.0, 2.0, 13.0, 0), (19_800, 1.0, 2.0, 17.0, 0)]
    asked = dataclasses.replace(Settings(), idle_connections=(5000, 20_000))
    section = memory.table(rows, asked)
    assert [target.met for target in section.targets] == [True, True, False, True]
    assert section.notes == ["20,000 were asked for; a process may open so many files here that 19,800 are possible."]
    assert memory.table(rows[:1], dataclasses.replace(asked, idle_connections=(5000,))).notes == []


def test_numbers_on_the_command_line_are_above_nothing() -> None:
    assert numbers("5000,20000") == (5000, 20_000)
    for wrong in ("0", "5,-1", "many"):
        with pytest.raises(ValueError, match=wrong):
            numbers(wrong)
