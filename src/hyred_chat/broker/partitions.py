"""Names of channels and keys that are spread evenly over a Redis Cluster, and are the same without one."""

import binascii
import re
import zlib

PARTITIONS = 256
SLOTS = 16_384
_PREFIX = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def slot_of(tag: bytes) -> int:
    """The cluster slot of a hash tag: CRC-16/XMODEM, as the specification of Redis Cluster has it."""
    return binascii.crc_hqx(tag, 0) % SLOTS


def _choose_tags() -> tuple[str, ...]:
    """For each partition the smallest number whose slot lies in the partition's share of all slots."""
    tags: dict[int, str] = {}
    number = 0
    while len(tags) < PARTITIONS:
        tag = str(number)
        tags.setdefault(slot_of(tag.encode()) * PARTITIONS // SLOTS, tag)
        number += 1
    return tuple(tags[partition] for partition in range(PARTITIONS))


TAGS = _choose_tags()
# The slot of each partition. Partitions that are neighbours have slots that are neighbours, so they share a server.
PARTITION_SLOTS = tuple(slot_of(tag.encode()) for tag in TAGS)
_PARTITION_OF_TAG = {tag.encode(): partition for partition, tag in enumerate(TAGS)}


def partition_of(subject: str) -> int:
    """The partition of a user, a room or whatever else a name is about."""
    return zlib.crc32(subject.encode()) % PARTITIONS


def partition_of_name(name: bytes) -> int:
    """The partition in whose tag a name (or a command that begins with one) stands. Raises ValueError if in none."""
    start = name.index(b"{") + 1
    partition = _PARTITION_OF_TAG.get(name[start : name.index(b"}", start)])
    if partition is None:
        raise ValueError("the name has no tag of a partition")
    return partition


class Names:
    """Makes names such as `hyred:{1043}:u:42`.

    Args:
        prefix: what they begin with, so that several deployments can share a Redis. Raises ValueError for one that
            would change what a name means.
    """

    def __init__(self, prefix: str) -> None:
        if _PREFIX.fullmatch(prefix) is None:
            raise ValueError("a prefix has 1 to 64 letters, digits, dots, colons, hyphens and underscores")
        self._starts = tuple(f"{prefix}:{{{tag}}}:" for tag in TAGS)

    def name(self, kind: str, subject: str) -> str:
        """The channel or key of a kind (`u`, `r`, …) for a subject. Those of one subject share a partition."""
        return f"{self._starts[zlib.crc32(subject.encode()) % PARTITIONS]}{kind}:{subject}"

    def name_in(self, partition: int, kind: str, subject: str) -> str:
        """The same in a partition of the caller's choice."""
        return f"{self._starts[partition]}{kind}:{subject}"
