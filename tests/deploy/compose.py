"""What Docker Compose makes of deploy/compose.yml."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.deploy.tools import run_tool

FOLDER = Path(__file__).parents[2] / "deploy"
# What an operator fills in.
FILLED_IN = {
    "POSTGRES_PASSWORD": "a-password",
    "VALKEY_PASSWORD": "another-password",
    "HYRED_FIREBASE_PROJECT_ID": "a-project",
    "HYRED_ADMIN_API_KEYS": "0123456789abcdef0123456789abcdef",
}


def example() -> list[str]:
    """The lines of .env.example, those included that are commented out."""
    return (FOLDER / ".env.example").read_text().splitlines()


def compose_config(folder: Path, **variables: str | None) -> dict[str, Any]:
    """The whole configuration with all profiles, as Compose resolves it in a copy of deploy/.

    Args:
        folder: an empty one.
        variables: of .env, besides those that an operator fills in. What is None is left out.
    """
    changed = FILLED_IN | variables
    kept = [line for line in example() if line.partition("=")[0] not in changed]
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    (folder / ".env").write_text(
        "\n".join([*kept, *(f"{name}={value}" for name, value in changed.items() if value is not None)])
    )
    where = ("--file", folder / "compose.yml", "--profile", "*")
    # Without the environment of whoever runs the tests: it would come before .env.
    run_tool("docker-compose", *where, "config", "--quiet", environment={})
    resolved: dict[str, Any] = json.loads(
        run_tool("docker-compose", *where, "config", "--format", "json", environment={})
    )
    return resolved
