"""Commands as Redis reads them."""


def encode_command(*words: bytes) -> bytes:
    """An array of bulk strings."""
    return b"*%d\r\n%b" % (len(words), b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words))


def encode_publish(channel: bytes, frame: bytes) -> bytes:
    """PUBLISH. Every message takes this path, hence the one format."""
    return b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(channel), channel, len(frame), frame)


def encode_sharded_publish(channel: bytes, frame: bytes) -> bytes:
    """SPUBLISH, for a cluster."""
    return b"*3\r\n$8\r\nSPUBLISH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(channel), channel, len(frame), frame)
