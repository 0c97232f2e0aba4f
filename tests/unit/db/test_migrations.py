"""What every migration must say about itself."""

import importlib.util

import pytest

from hyred_chat.db.migrate import VERSIONS, list_revisions


@pytest.mark.parametrize("revision", list_revisions())
def test_every_migration_declares_the_oldest_program_that_works_with_it(revision: str) -> None:
    (path,) = VERSIONS.glob(f"{revision}_*.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    assert migration.min_compatible_revision in list_revisions()
    assert migration.min_compatible_revision <= revision
