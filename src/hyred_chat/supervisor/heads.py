"""What the first bytes of a connection say about whose it is."""

import re
from typing import Final

# Looked at, never taken: the process that gets the connection reads them itself. A request line that is longer belongs
# to nobody in particular.
PEEK_BYTES: Final = 2048
# A session's id begins with that many characters, which name the process that has the session.
OWNER_CHARS: Final = 4

# Of repeated fields the last one counts, as it does for the process that parses the request.
_SID: Final = re.compile(rb"[A-Z]{1,16} [^ ?]*\?(?:[^ ]*&)?sid=([A-Za-z0-9_-]{1,64})(?:&| |$)")


def is_enough(head: bytes) -> bool:
    """Whether more bytes would tell nothing more."""
    return len(head) >= PEEK_BYTES or b"\n" in head


def owner_of(head: bytes) -> str | None:
    """The owner of the session that a request continues; None when it continues none."""
    found = _SID.match(head.partition(b"\r\n")[0])
    return None if found is None else found[1][:OWNER_CHARS].decode()
