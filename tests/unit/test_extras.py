"""One process needs no Redis, nor the packages for it."""

import subprocess
import sys

WITHOUT_EXTRAS = """
import sys
sys.modules["redis"] = sys.modules["hiredis"] = None
import hyred_chat.cli, hyred_chat.server, hyred_chat.worker
"""


def test_servers_and_workers_can_be_imported_without_the_packages_for_redis() -> None:
    imported = subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], check=False, capture_output=True, text=True)
    assert imported.returncode == 0, imported.stderr
