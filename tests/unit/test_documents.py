"""Documents lead to what there is: files, headings, and the tests and settings that they name."""

import re
from pathlib import Path

import pytest

from hyred_chat.config import Settings
from hyred_chat.config.variables import PREFIX

ROOT = Path(__file__).parents[2]
FOLDERS = ("*.md", "docs/**/*.md", "tests/**/*.md", "web/*.md")
DOCUMENTS = sorted(path for pattern in FOLDERS for path in ROOT.glob(pattern))
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
TEST = re.compile(r"`((?:tests|web)/[\w./-]+\.(?:py|ts|tsx))(?:::(\w+))?`")

# With an underscore at the end, the beginning of several: `HYRED_RATE_LIMIT_*`.
SETTING = re.compile(r"\bHYRED_[A-Z0-9_]+")
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {
    "HYRED_SERVER"  # of Vite's own server (web/README.md)
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text()
    for path, heading in LINK.findall(text):
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), path
        if heading:
            assert heading in anchors(target), f"{path}#{heading}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_is_named_exists(document: Path) -> None:
    for path, name in TEST.findall(document.read_text()):
        file = ROOT / path
        assert file.exists(), path
        if name:
            assert re.search(rf"^(async )?def {name}\(", file.read_text(), re.MULTILINE), f"{path}::{name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(document: Path) -> None:
    for name in SETTING.findall(document.read_text()):
        known = any(each.startswith(name) for each in SETTINGS) if name.endswith("_") else name in SETTINGS
        assert known, name


def test_the_index_of_decisions_has_each_by_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    titles = {path.name: path.read_text().partition("\n")[0].removeprefix("# ") for path in folder.glob("0*.md")}
    entries = re.findall(r"^\| \[(.+)\]\((.+?)\) \|", (folder / "README.md").read_text(), re.MULTILINE)
    assert {name: title for title, name in entries} == titles
    assert len(entries) == len(titles)


def anchors(document: Path) -> set[str]:
    """The fragments by which the headings of a document are reached on code hosts."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
