"""Write docs/configuration.md from the settings. With --check: fail when it is not what would be written."""

import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from hyred_chat.config import Settings, variable_of
from hyred_chat.config.subject import Subject
from hyred_chat.config.values import expected_value

DOCUMENT = Path(__file__).parent.parent / "docs" / "configuration.md"
INTRODUCTION = """\
# Configuration

Every setting is an environment variable. The server reads them once, at start. None is required: without any,
`make run` starts a development server with an embedded database. If a value is invalid, the server does not start. It
prints one line that names the variable and the values that it accepts. It warns of unknown `HYRED_…` names. An empty
variable counts as unset. If `HOST` and `PORT` are already used for something else, set `HYRED_HOST` and `HYRED_PORT`.

`hyred-chat doctor` checks that the settings work (database, key set, clock, port). It warns of what is open to
unauthenticated clients.

This page is generated from `src/hyred_chat/config/` by `make format`.
"""


def document() -> str:
    """The whole page."""
    return INTRODUCTION + "".join(_section(subject) for subject in Settings.subjects())


def _section(subject: type[Subject]) -> str:
    head = f"\n## {subject.title}\n\n| variable | takes | default | |\n| --- | --- | --- | --- |\n"
    return head + "".join(_row(name, field) for name, field in subject.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{variable_of(name)}` | {expected_value(field)} | {_default(field.default)} | {field.description} |\n"


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if isinstance(value, int | str) else ""


def main() -> int:
    """Write, or check. Returns the exit code."""
    if sys.argv[1:] == ["--check"]:
        if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == document():
            return 0
        print("docs/configuration.md is not what the settings say: run make format.")
        return 1
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
