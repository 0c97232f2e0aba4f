"""A version of the chat with one migration more than this one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hyred_chat.db import migrate

HEAD = migrate.head_revision()
NEXT = f"{int(HEAD) + 1:04}"


@contextmanager
def next_version(folder: Path, body: str, *, min_compatible_revision: str = HEAD) -> Iterator[None]:
    """Until the end of the block, migrating in this process is what that version does. Servers are as they are.

    Args:
        folder: where its migrations are to be.
        body: of the last one's `upgrade`, indented by four.
        min_compatible_revision: what that one declares.
    """
    shutil.copytree(migrate.VERSIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / f"{NEXT}_next.py").write_text(
        f'"""The next step."""\n\nfrom alembic import op\n\nrevision = "{NEXT}"\ndown_revision = "{HEAD}"\n'
        f'min_compatible_revision = "{min_compatible_revision}"\n\n\ndef upgrade():\n{body}\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "VERSIONS", folder)
        yield
