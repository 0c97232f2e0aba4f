"""What the pictures of the bench say."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench.plots import Bars, Percentiles, write
from bench.table import Plot

SVG = "{http://www.w3.org/2000/svg}"
BARS = Bars("rates", "Rates", "a second", [("10 pairs", {"ours": 50.0, "<bare> & theirs": 100.0})])
CURVE = Percentiles("waits", "Waits", "ms", {"received": [1.0] * 99 + [7.5], "acknowledged": [0.5] * 100})


def texts(plot: Plot) -> list[str | None]:
    return [each.text for each in ET.fromstring(plot.render()).iter(f"{SVG}text")]  # noqa: S314 (our own)


def test_a_bar_is_as_long_as_its_figure_and_says_it() -> None:
    picture = ET.fromstring(BARS.render())  # noqa: S314 (our own)
    ours, theirs = [float(bar.get("width", "0")) for bar in picture.iter(f"{SVG}rect") if bar.get("class") != "ground"]
    assert ours * 2 == pytest.approx(theirs, abs=0.2)
    assert texts(BARS)[2:] == ["10 pairs", "ours", "50.0", "<bare> & theirs", "100"]


def test_a_curve_rises_to_the_slowest_and_its_scale_holds_it() -> None:
    picture = ET.fromstring(CURVE.render())  # noqa: S314 (our own)
    received = next(picture.iter(f"{SVG}polyline")).get("points", "").split()
    heights = [float(point.split(",")[1]) for point in received]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]
    assert {"0", "2", "4", "6", "8", "50 %", "90 %", "99 %", "99.9 %", "received", "acknowledged"} <= set(texts(CURVE))


def test_nothing_is_drawn_of_nothing() -> None:
    with pytest.raises(ValueError, match="no bars"):
        Bars("empty", "", "", []).render()


def test_each_picture_has_a_file_of_its_name(tmp_path: Path) -> None:
    files = write([BARS, CURVE], tmp_path / "plots")
    assert [file.name for file in files] == ["rates.svg", "waits.svg"]
    assert all(file.read_text().startswith("<svg ") for file in files)
