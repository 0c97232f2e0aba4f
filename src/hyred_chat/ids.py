"""Ids that sort by the time they were made, so that new rows land on the right edge of an index."""

import os
import time


def new_id() -> str:
    """A unique id of 32 hexadecimal digits: 48 bits of Unix milliseconds, then 80 random bits (as in RFC 9562, 5.7)."""
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
