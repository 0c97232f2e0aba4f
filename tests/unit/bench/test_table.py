"""How the bench shows what it measured."""

import pytest

from bench.table import Section, Target, markdown, show


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (24513.4, "24,513"),
        (128.4, "128"),
        (17.26, "17.3"),
        (4.714, "4.71"),
        (0.0, "0.00"),
        (-123.0, "-123"),
        (50, "50"),
        (1_000_000, "1,000,000"),
        ("node", "node"),
        (None, "-"),
    ],
)
def test_a_figure_shows_about_three_digits(figure: str | float | None, shown: str) -> None:
    assert show(figure) == shown


def test_a_table_lines_up_with_words_to_the_left_and_numbers_to_the_right() -> None:
    assert markdown(("server", "rate"), [("node", 24500.0), ("python-socketio", 4700.0)]).splitlines() == [
        "| server          |   rate |",
        "| --------------- | -----: |",
        "| node            | 24,500 |",
        "| python-socketio |  4,700 |",
    ]


def test_a_column_with_words_and_numbers_counts_as_words() -> None:
    assert markdown(("found",), [("none",), (7,)]).splitlines() == ["| found |", "| ----- |", "| none  |", "| 7     |"]


def test_a_table_without_rows_is_only_its_heading() -> None:
    assert markdown(("a", "b"), []).splitlines() == ["| a | b |", "| - | - |"]


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        markdown(("a", "b"), [(1,)])


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target("x", 0.6, at_least=0.6), True),
        (Target("x", 0.59, at_least=0.6), False),
        (Target("x", 16.0, at_most=16.0), True),
        (Target("x", 16.1, at_most=16.0), False),
        (Target("x", 10.0, below=10.0), False),
        (Target("x", 9.99, below=10.0), True),
        (Target("x", None, at_least=0.6), None),
    ],
)
def test_a_target_is_met_up_to_its_bound(target: Target, met: bool | None) -> None:
    assert target.met is met


def test_a_target_says_pass_or_miss_or_none_with_its_figure_and_its_bound() -> None:
    assert Target("of Node's echo", 0.712, at_least=0.6).line() == "pass  0.71 of Node's echo (at least 0.60)"
    assert Target("ms", 25.3, at_most=25.0).line() == "MISS  25.3 ms (at most 25.0)"
    assert Target("ms", None, below=10.0).line() == "none  - ms (below 10.0)"


def test_a_section_is_its_title_its_table_its_notes_and_its_targets() -> None:
    section = Section("Speed", ("what", "ms"), [("send", 1.5)], [Target("ms", 1.5, below=5.0)], ["One note.", "Two."])
    assert section.render().splitlines() == [
        "## Speed",
        "",
        "| what |   ms |",
        "| ---- | ---: |",
        "| send | 1.50 |",
        "",
        "One note.",
        "",
        "Two.",
        "",
        "- pass  1.50 ms (below 5.00)",
    ]
