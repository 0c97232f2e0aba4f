"""What happened, as clients saw it: JSON lines, in the order in which they were written.

Every record has `t`, the seconds since the beginning, and `kind`. The kinds:

| kind | fields |
| --- | --- |
| `start` | `seed`, `seconds`, `nodes`, `commit`, `rooms`: {room: [user]}, `devices`: {device: user} |
| `fault` | `number`, `name`, `edge`: `begin` or `end`, `detail` |
| `op` | `op`, `device` or null (REST), `user`, `node`, `began`, `outcome`: `ok`, `failed` or `unknown`, `code`; and: |
| | of `send`: `room`, `clientMessageId`, `attempt`; when ok: `id`, `seq` |
| | of `read`: `room`, `asked`; when ok: `position` |
| `connected`, `disconnected` | `device`, `session`, `node`, `transport` |
| `joining`, `joined` | `device`, `session`, `room`; `after` of the first |
| `leaving` | `device`, `session`, `room`: what comes from here on is not counted |
| `history`, `synced` | `device`, `session`, `room`, `after`, `messages`: [[seq, id]] |
| `message` | `device`, `session`, `room`, `seq`, `id`, `sender`, `isOwn` |
| `receipt` | `device`, `session`, `room`, `reader`, `seq` |
| `list` | `device`, `session`, `room`, `lastSeq`, `lastReadSeq`, `unread`, `live`: an event, and no answer |
| `seen` | `device`, `event`: what is only counted |
| `healed` | after the last fault, when every node is ready |
| `over` | what devices do from here on is not looked at |
| `stored` | `room`, `lastSeq`, `messages`: [[seq, id, sender, clientMessageId]], `read`: {user: seq} |
| `fetched` | `user`, `node`, `room`, `lastSeq`, `lastReadSeq`, `unread`, `counted` |
| `page` | `user`, `node`, `room`, `messages`: [[seq, id]]: the whole room, read anew |
| `presence` | `node`, `online`: {user: bool}, `truth`: {user: bool} |
| `bare` | `node`, `request`, `status`, `text`: an answer over REST without an envelope |
| `log` | `node`, `line`: what a node logged as an error |
"""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import orjson

Record: TypeAlias = dict[str, Any]


class History:
    """A history that is being written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._started_at = time.monotonic()

    def now(self) -> float:
        """Seconds since the beginning."""
        return round(time.monotonic() - self._started_at, 4)

    def write(self, kind: str, **fields: Any) -> None:
        """Add a record of this moment."""
        self._file.write(orjson.dumps({"t": self.now(), "kind": kind, **fields}) + b"\n")

    def close(self) -> None:
        """Write what is still in memory."""
        self._file.close()


def read_history(path: Path) -> list[Record]:
    """All records of a file. Raises OSError, and ValueError when a line is not JSON."""
    with path.open("rb") as file:
        return [orjson.loads(line) for line in file]


def write_history(path: Path, records: Iterable[Record]) -> None:
    """Write records as they are, for another check."""
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
