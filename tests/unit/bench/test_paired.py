"""Comparing two states of the program: which sources run, and what is said of the figures."""

from pathlib import Path

import pytest

from bench.meter import Shares
from bench.paired import Compared, in_turn, us_each
from bench.processes import ROOT, ProcessFailedError
from bench.servers import HyredChat
from bench.statement_cost import find_statement
from bench.throughput import Figures
from bench.trees import tree_at
from hyred_chat.messages.store_statement import STORE_BATCH


def test_a_folder_with_the_sources_is_taken_as_it_is() -> None:
    with tree_at(str(ROOT)) as tree:
        assert tree == ROOT


def test_a_commit_is_unpacked_for_as_long_as_it_is_used() -> None:
    with tree_at("HEAD") as tree:
        assert (tree / "src/hyred_chat/__main__.py").is_file()
        assert tree != ROOT
    assert not tree.exists()


def test_what_is_neither_a_folder_nor_a_commit_is_refused() -> None:
    with (
        pytest.raises(ProcessFailedError, match="no-such-thing is no checkout and no commit"),
        tree_at("no-such-thing"),
    ):
        pass


def test_a_server_runs_the_sources_of_its_tree(tmp_path: Path) -> None:
    server = HyredChat(tmp_path)
    try:
        assert server.environment()["PYTHONPATH"].startswith(f"{tmp_path}/src")
    finally:
        server.folder.rmdir()


def test_the_statement_is_found_where_it_is() -> None:
    assert find_statement() == STORE_BATCH


def test_each_of_both_goes_first_in_every_other_round() -> None:
    assert [in_turn(number) for number in range(3)] == [(0, 1), (1, 0), (0, 1)]


def test_a_message_costs_what_the_server_and_its_database_used_divided_by_the_messages() -> None:
    turn = Figures(10_000.0, 1.0, 2.0, Shares(generator=50.0, server=60.0, database=40.0, others=0.0))
    assert [us_each(turn, cost) for cost in ("server", "database", "both")] == [60.0, 40.0, 100.0]


def test_two_per_cent_more_are_allowed_and_three_are_not() -> None:
    assert Compared("us", [102.0, 51.0, 10.2], [100.0, 50.0, 10.0], is_judged=True).target().met
    assert not Compared("us", [103.0, 51.5, 10.0], [100.0, 50.0, 10.0], is_judged=True).target().met
