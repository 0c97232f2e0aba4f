"""Ids that sort by the time they were made, so that new rows land on the right edge of an index."""

import os
import random
import time

# Ids need to be unique, not secret: what is behind one is protected by membership. The generator is seeded by the
# operating system once in each process, which spares a system call for every message.
_random = random.Random(os.urandom(32))  # noqa: S311


def new_id() -> str:
    """A unique id of 32 hexadecimal digits: 48 bits of Unix milliseconds, then 80 random bits (as in RFC 9562, 5.7)."""
    return f"{time.time_ns() // 1_000_000:012x}{_random.getrandbits(80):020x}"
