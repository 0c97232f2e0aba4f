"""One process needs no Redis, nor the packages for it, and no other extra either."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

WITHOUT_EXTRAS = """
import sys
for name in ("redis", "hiredis", "obstore", "av"):
    sys.modules[name] = None
import hyred_chat.cli, hyred_chat.server, hyred_chat.worker, hyred_chat.files.examiner.examination
from hyred_chat.files.opening import open_store_at
try:
    open_store_at("s3://bucket")
except Exception as error:
    print(error)
"""


def test_the_lock_has_the_extras_that_the_image_has() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for name in ("av", "hiredis", "obstore", "redis"):
        assert re.search(rf"^{name}==[^\n]+\\\n +--hash=sha256:", lock, re.MULTILINE), name
    assert "://" not in lock, "no address of a registry"


def test_servers_and_workers_can_be_imported_without_the_packages_of_extras() -> None:
    imported = subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], check=False, capture_output=True, text=True)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout == "HYRED_FILES_URL: needs the extra packages of hyred-chat[s3]: install them with pip.\n"
