"""Proves that every message reached both people exactly once, in order, without a gap."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import orjson


class BrokenPromiseError(Exception):
    """The server lost, doubled or reordered a message, or told two people two things. No figure counts then."""


def check_order(first_seq: int, acknowledged: Sequence[int], received: Sequence[Sequence[int]]) -> None:
    """Checks one room: what was acknowledged, to anybody, against what each socket received.

    Args:
        first_seq: the first `seq` of the round.
        acknowledged: every `seq` that was acknowledged, in any order.
        received: every `seq` that a socket received, in the order in which it did, for each socket.

    Raises:
        BrokenPromiseError: the acknowledged are not `first_seq`, `first_seq + 1`, … each once, or a socket did not
            receive exactly these, in this order.
    """
    expected = list(range(first_seq, first_seq + len(acknowledged)))
    if sorted(acknowledged) != expected:
        raise BrokenPromiseError(f"acknowledged {describe(sorted(acknowledged), first_seq)}")
    for socket, seqs in enumerate(received):
        if list(seqs) != expected:
            raise BrokenPromiseError(
                f"socket {socket} received {describe(seqs, first_seq)}; {len(expected)} were acknowledged"
            )


def describe(seqs: Sequence[int], first_seq: int) -> str:
    """Says how a row of `seq` differs from an unbroken one: its length and its first fault."""
    fault = next((f"{b} after {a}" for a, b in pairwise((first_seq - 1, *seqs)) if b != a + 1), "no gap")
    return f"{len(seqs)} messages from seq {first_seq}: {fault}"


def check_same(messages: Sequence[dict[str, Any]], content_of: dict[str, str]) -> None:
    """Checks copies of messages of one room, as acknowledged and as received by whoever it was.

    Args:
        messages: the copies.
        content_of: what was sent, by `clientMessageId`.

    Raises:
        BrokenPromiseError: two copies with the same `seq` differ (in more than `isOwn` and `status`, which depend on
            who looks and when), or one does not say what was sent.
    """
    first: dict[int, dict[str, Any]] = {}
    for message in messages:
        copy = {key: value for key, value in message.items() if key not in ("isOwn", "status")}
        if first.setdefault(message["seq"], copy) != copy:
            raise BrokenPromiseError(f"two copies of one message differ: {first[message['seq']]} and {copy}")
        if content_of.get(message["clientMessageId"]) != message["content"]:
            raise BrokenPromiseError(f"a message does not say what was sent: {message}")


def message_of(payload: bytes) -> dict[str, Any]:
    """The message in a packet: `43<id>[{success, data: Message}]` or `42["new_message", Message]`."""
    args: list[Any] = orjson.loads(payload[payload.index(b"[") :])
    message: dict[str, Any] = args[0]["data"] if payload.startswith(b"43") else args[1]
    return message
