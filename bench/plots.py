"""Draws what was measured as SVG pictures, which follow the reader's light or dark theme and differ by lines in a diff.

Three small charts are all there is to draw, so no plotting library is needed for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree as ET

from bench.figures import percentile
from bench.table import Plot, show

WIDTH = 720
MARGIN = 24
HEAD = 64  # title and subtitle
# Of the palette of Okabe and Ito, which people with colour blindness can tell apart.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.quiet { fill: #59636e; font-size: 12px }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
.ground { fill: #ffffff }
.s0 { fill: #0072b2 } .s1 { fill: #e69f00 } .s2 { fill: #009e73 } .s3 { fill: #cc79a7 }
.line.s0 { fill: none; stroke: #0072b2 } .line.s1 { fill: none; stroke: #e69f00 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .ground { fill: #0d1117 }
  .s0 { fill: #56b4e9 } .line.s0 { fill: none; stroke: #56b4e9 }
}
"""


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars in groups.

    Attributes:
        name: of the file, without its ending.
        subtitle: what a bar is, and in which unit.
        groups: what a group is, to what each of its bars is, and how long.
    """

    name: str
    title: str
    subtitle: str
    groups: Sequence[tuple[str, Mapping[str, float]]]

    ROW: ClassVar[int] = 22
    GAP: ClassVar[int] = 16
    LABELS: ClassVar[int] = 250
    VALUES: ClassVar[int] = 80

    def render(self) -> str:
        """The picture. Raises ValueError when there is nothing to draw."""
        longest = max((length for _, bars in self.groups for length in bars.values()), default=0.0)
        if longest <= 0:
            raise ValueError("there are no bars to draw")
        series = list(dict.fromkeys(name for _, bars in self.groups for name in bars))
        rows = sum(len(bars) for _, bars in self.groups)
        headings = sum(1 for heading, _ in self.groups if heading)
        height = HEAD + rows * self.ROW + headings * self.ROW + len(self.groups) * self.GAP + MARGIN
        picture = _picture(self.title, self.subtitle, height)
        scale = (WIDTH - 2 * MARGIN - self.LABELS - self.VALUES) / longest
        top = float(HEAD + self.GAP)
        for heading, bars in self.groups:
            if heading:
                _text(picture, MARGIN, top + 15, heading, "title")
                top += self.ROW
            for name, length in bars.items():
                colour = f"s{series.index(name) % 4}" if headings else "s0"
                left = MARGIN + self.LABELS
                _text(picture, left - 10, top + 15, name, anchor="end")
                _rectangle(picture, (left, top + 3), (max(length * scale, 1.0), self.ROW - 6), colour)
                _text(picture, left + length * scale + 8, top + 15, show(length))
                top += self.ROW
            top += self.GAP
        return _as_text(picture)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """How long it took for all but the slowest tenth, hundredth, thousandth: curves over a logarithmic scale of them.

    Attributes:
        lines: what was measured, to all that was measured of it, in milliseconds.
    """

    name: str
    title: str
    subtitle: str
    lines: Mapping[str, Sequence[float]]

    HEIGHT: ClassVar[int] = 360
    TICKS: ClassVar[tuple[float, ...]] = (50.0, 90.0, 99.0, 99.9)
    STEPS: ClassVar[int] = 120

    def render(self) -> str:
        """The picture. Raises ValueError when there is nothing to draw."""
        picture = _picture(self.title, self.subtitle, self.HEIGHT)
        left, right, top, bottom = MARGIN + 40.0, WIDTH - MARGIN - 10.0, HEAD + 30.0, self.HEIGHT - MARGIN - 20.0
        most = max(percentile(values, self.TICKS[-1]) for values in self.lines.values())
        ceiling = _round_up(most)

        def place(percent: float, milliseconds: float) -> tuple[float, float]:
            along = log10(100 / (100 - percent)) / log10(100 / (100 - self.TICKS[-1]))
            return left + along * (right - left), bottom - milliseconds / ceiling * (bottom - top)

        for number in range(5):
            at = ceiling * number / 4
            _, y = place(0, at)
            _line(picture, left, y, right, y)
            _text(picture, left - 8, y + 4, f"{at:g}", "quiet", anchor="end")
        for tick in self.TICKS:
            x, _ = place(tick, 0)
            _line(picture, x, top, x, bottom)
            _text(picture, x, bottom + 18, f"{tick:g} %", "quiet", anchor="middle")
        for index, (what, values) in enumerate(self.lines.items()):
            points = [
                place(percent, percentile(values, percent))
                for percent in (100 - 100 * 10 ** (-3 * step / self.STEPS) for step in range(1, self.STEPS + 1))
            ]
            shape = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            ET.SubElement(picture, "polyline", {"class": f"line s{index}", "points": shape})
            _rectangle(picture, (left + 12, top + 8 + index * 20), (12, 12), f"s{index}")
            _text(picture, left + 30, top + 19 + index * 20, what)
        return _as_text(picture)


def write(plots: Sequence[Plot], folder: Path) -> list[Path]:
    """Writes each plot to a file of its name, and returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{plot.name}.svg" for plot in plots]
    for plot, file in zip(plots, files, strict=True):
        file.write_text(plot.render())
    return files


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 and 10 times a power of ten, so that a quarter of it is short to write."""
    power = 10.0 ** (ceil(log10(value)) - 1)
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value)


def _picture(title: str, subtitle: str, height: float) -> ET.Element:
    picture = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height:g}",
            "width": str(WIDTH),
            "height": f"{height:g}",
            "role": "img",
        },
    )
    ET.SubElement(picture, "title").text = f"{title}: {subtitle}"
    ET.SubElement(picture, "style").text = STYLE
    _rectangle(picture, (0, 0), (WIDTH, height), "ground")
    _text(picture, MARGIN, 32, title, "title")
    _text(picture, MARGIN, 52, subtitle, "quiet")
    return picture


def _text(parent: ET.Element, x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> None:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor} | ({"class": kind} if kind else {})
    ET.SubElement(parent, "text", attributes).text = text


def _rectangle(parent: ET.Element, place: tuple[float, float], size: tuple[float, float], kind: str) -> None:
    numbers = dict(zip(("x", "y", "width", "height"), (*place, *size), strict=True))
    ET.SubElement(parent, "rect", {name: f"{number:.1f}" for name, number in numbers.items()} | {"class": kind})


def _line(parent: ET.Element, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    ET.SubElement(parent, "line", {name: f"{end:.1f}" for name, end in ends.items()} | {"class": "grid"})


def _as_text(picture: ET.Element) -> str:
    ET.indent(picture)
    return ET.tostring(picture, encoding="unicode") + "\n"
