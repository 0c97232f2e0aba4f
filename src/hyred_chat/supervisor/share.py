"""What one of several processes behind a port is told about itself."""

import json
import socket
from dataclasses import dataclass
from typing import Self, TextIO


@dataclass(frozen=True, slots=True)
class Share:
    """One process of several.

    Attributes:
        processes: how many there are.
        number: which one this is, from 0. While one takes the place of another there is one more.
        owner: what the ids of its sessions begin with.
        channel: where its connections come from; not blocking.
        port: the one that all of them are behind.
        database_url: their database.
        redis_url: through which they tell one another what happens.
    """

    processes: int
    number: int
    owner: str
    channel: socket.socket
    port: int
    database_url: str
    redis_url: str

    @classmethod
    def read(cls, source: TextIO) -> Self:
        """Take what the supervisor writes, a JSON object. Raises ValueError, KeyError or OSError when it is none."""
        told = json.load(source)
        channel = socket.socket(fileno=told.pop("channel"))
        channel.setblocking(False)
        return cls(channel=channel, **told)

    def of(self, amount: int, *, least: int = 1) -> int:
        """This process's part of an amount that all have together; see `part_of`."""
        return part_of(amount, self.processes, least=least)


def part_of(amount: int, processes: int, *, least: int = 1) -> int:
    """The part of one of several processes in an amount that all have together, rounded up. 0 stays 0: no limit."""
    return 0 if amount == 0 else max(least, -(-amount // processes))
