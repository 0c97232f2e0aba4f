"""How much one answer holds: a list ends at so many bytes, whatever number of entries it may have."""

from collections.abc import Iterable

# Of one answer. What is longer goes on with the next page.
PAGE_BYTES = 262_144
# Of these, what stands around the entries: the envelope, the cursor, the name of an event.
ENVELOPE_BYTES = 1024


def take_page(entries: Iterable[bytes], max_bytes: int = PAGE_BYTES) -> list[bytes]:
    """The first entries, as JSON, that fit into an answer of `max_bytes`; one at least, however long it is.

    No entry is asked for after the first one that does not fit.
    """
    page: list[bytes] = []
    left = max_bytes - ENVELOPE_BYTES
    for entry in entries:
        left -= len(entry) + 1  # and its comma
        if left < 0 and page:
            break
        page.append(entry)
    return page
