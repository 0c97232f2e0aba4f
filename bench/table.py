"""Renders what was measured as Markdown tables, which read as well in a terminal as in a document."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that a figure has to keep: at least, at most, or below."""

    what: str
    measured: float | None
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None

    @property
    def met(self) -> bool | None:
        """None when nothing was measured."""
        if self.measured is None:
            return None
        return (
            (self.at_least is None or self.measured >= self.at_least)
            and (self.at_most is None or self.measured <= self.at_most)
            and (self.below is None or self.measured < self.below)
        )

    def line(self) -> str:
        """`pass  0.71 of Node's bare echo at 50 pairs (at least 0.60)`."""
        mark = {True: "pass", False: "MISS", None: "none"}[self.met]
        bounds = [("at least", self.at_least), ("at most", self.at_most), ("below", self.below)]
        bound = " and ".join(f"{word} {show(value)}" for word, value in bounds if value is not None)
        return f"{mark}  {show(self.measured)} {self.what} ({bound})"


class Plot(Protocol):
    """A picture of what was measured (`plots.py`)."""

    @property
    def name(self) -> str:
        """Of its file, without the ending."""

    def render(self) -> str:
        """As SVG."""


@dataclass(slots=True)
class Section:
    """One table, what it has to reach, what one should know to read it, and pictures of it."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)

    def render(self) -> str:
        """The section as Markdown."""
        parts = [f"## {self.title}", markdown(self.columns, self.rows)]
        parts += self.notes
        if self.targets:
            parts.append("\n".join(f"- {target.line()}" for target in self.targets))
        return "\n\n".join(parts)


def markdown(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A Markdown table whose columns line up; numbers to the right.

    Raises:
        ValueError: a row has more or fewer cells than there are columns.
    """
    cells = [list(columns), *([show(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [bool(rows) and not any(isinstance(row[at], str) for row in rows) for at in range(len(columns))]
    rule = ["-" * (width - 1) + (":" if to_right else "-") for width, to_right in zip(widths, right, strict=True)]
    return "\n".join("| " + " | ".join(map(pad, line, widths, right)) + " |" for line in (cells[0], rule, *cells[1:]))


def pad(text: str, width: int, to_right: bool) -> str:
    """The text filled with spaces to the width of its column."""
    return text.rjust(width) if to_right else text.ljust(width)


def show(cell: Cell) -> str:
    """A figure with as many digits as mean something: `24,513`, `128`, `17.3`, `4.71`. A dash for nothing measured."""
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 100:  # noqa: PLR2004 - three digits are enough
        return f"{cell:,.0f}"
    return f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"  # noqa: PLR2004 - three digits are enough
