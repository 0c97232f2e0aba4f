"""A plugin of pytest: runs with `-p tests.sharing --share=FOLDER` share the tests, and each test is run once.

Every run collects all tests. When a run comes to the tests of a file it takes them, by making a file in the folder,
unless another run was there first. So all end at about the same time, however long tests take and whenever a run began.
The folder is all that they share: each has its own PostgreSQL, Valkey and servers. It is given in one word
(`--share=FOLDER`): pytest looks for its configuration before it knows this option, and takes a folder that stands alone
for one with tests.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--share`."""
    parser.addoption("--share", metavar="FOLDER", type=Path, help="take tests that no other run with it has taken")


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """pytest's own loop, over the tests that this run takes. Without `--share` pytest's own is used."""
    folder: Path | None = session.config.getoption("share")
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None
    folder.mkdir(exist_ok=True)
    for item, following in _with_following(take(session.items, folder)):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True


def take(items: Iterable[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    """The tests that no other run has taken. Those of a file are taken together, when the first one's turn has come."""
    for _, group in groupby(items, key=lambda item: item.path):
        tests = list(group)
        # Of all their names: should two runs collect different tests, some are run twice, but none is left out.
        name = hashlib.sha256("\n".join(test.nodeid for test in tests).encode()).hexdigest()
        try:
            (folder / name).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from tests


def _with_following(items: Iterator[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each with the next one, whose fixtures stay when it has ended."""
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        yield item, following
        item = following
