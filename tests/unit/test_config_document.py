"""The page about the settings is the settings."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_configuration_page_says_what_the_settings_say() -> None:
    script = ROOT / "scripts" / "document_settings.py"
    checked = subprocess.run(
        [sys.executable, script, "--check"],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
