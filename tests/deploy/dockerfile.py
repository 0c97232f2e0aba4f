"""What deploy/Dockerfile says, as far as tests follow it without a container engine."""

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
BUILT = ROOT / "src" / "hyred_chat" / "web" / "app"


@dataclass(frozen=True)
class Instruction:
    """One instruction, such as COPY, with its words.

    Attributes:
        stage: the name of the build stage; of the last one, "".
    """

    stage: str
    name: str
    words: list[str]


def instructions() -> list[Instruction]:
    """All of them, in order."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    found = []
    stage = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(" ")
        words = shlex.split(rest)
        if name == "FROM":
            stage = words[2] if "AS" in words else ""
        found.append(Instruction(stage, name, words))
    return found


def environment_of_image() -> dict[str, str]:
    """The variables that a container has, besides PATH."""
    words = [word for each in instructions() if each.name == "ENV" for word in each.words]
    pairs = dict(word.split("=", 1) for word in words)
    del pairs["PATH"]
    return pairs


def copied(stage: str) -> list[tuple[list[str], str]]:
    """Sources and destination of everything that a stage copies from the repository."""
    copies = [each.words for each in instructions() if each.name == "COPY" and each.stage == stage]
    return [(words[:-1], words[-1]) for words in copies if not words[0].startswith("--from")]


def lay_out(stage: str, folder: Path) -> None:
    """Copy into a folder what a stage copies into its working directory."""
    for sources, destination in copied(stage):
        for source in sources:
            origin = ROOT / source
            if origin.is_dir():
                shutil.copytree(origin, folder / destination, ignore=_ignored, dirs_exist_ok=True)
            else:
                target = folder / destination / origin.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(origin, target)


def _ignored(folder: str, names: list[str]) -> list[str]:
    """What .dockerignore leaves out."""
    return [
        name for name in names if name in {"__pycache__", "node_modules", "dist-lib"} or Path(folder, name) == BUILT
    ]
