"""Which channels one connection is subscribed to, and which it should be: what to write, and what answers mean."""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hyred_chat.broker.commands import encode_command
from hyred_chat.broker.partitions import partition_of_name

BATCH_CHANNELS = 512


class UnexpectedAnswerError(Exception):
    """The server answered something else than what it was asked."""


@dataclass(slots=True)
class _Command:
    """A command that was written: the channels it names that are not confirmed yet, in order."""

    is_subscribe: bool
    channels: deque[bytes]


class Subscriptions:
    """The subscriptions of one connection. No I/O: the caller writes what `next_commands` returns.

    At most `BATCH_CHANNELS` are unconfirmed at any time, so a large number neither floods the server nor hides
    whether it still answers.

    Args:
        is_sharded: whether channels are subscribed to by SSUBSCRIBE, as in a cluster.

    Attributes:
        wanted: the channels that somebody wants, as bytes, with their names.
    """

    def __init__(self, *, is_sharded: bool) -> None:
        self.wanted: dict[bytes, str] = {}
        self._is_sharded = is_sharded
        self._verbs = (b"SUNSUBSCRIBE", b"SSUBSCRIBE") if is_sharded else (b"UNSUBSCRIBE", b"SUBSCRIBE")
        # What the server holds once it has done all that was written to it.
        self._told: set[bytes] = set()
        self._changed: set[bytes] = set()
        self._unconfirmed: deque[_Command] = deque()
        self._missing: set[bytes] = set()
        # Channels whose slot the server does not have. They wait for `retry`.
        self._refused: set[bytes] = set()

    def add(self, channel: str) -> None:
        """Want a channel. Wanting it twice is wanting it once."""
        name = channel.encode()
        self.wanted[name] = channel
        self._changed.add(name)

    def discard(self, channel: str) -> None:
        """Want a channel no longer."""
        name = channel.encode()
        self.wanted.pop(name, None)
        self._missing.discard(name)
        self._refused.discard(name)
        self._changed.add(name)

    def reset(self) -> None:
        """The connection is a new one: the server knows nothing."""
        self._told.clear()
        self._refused.clear()
        self._unconfirmed.clear()
        self._changed = set(self.wanted)
        self._missing = set(self.wanted)

    def expect(self, channels: Iterable[str]) -> None:
        """Count these as missing, too, until they are confirmed."""
        self._missing.update(channel.encode() for channel in channels)

    @property
    def is_complete(self) -> bool:
        """Whether everything is confirmed that was wanted at `reset`, or that was named to `expect`."""
        return not self._missing

    @property
    def is_waiting(self) -> bool:
        """Whether the server owes an answer."""
        return bool(self._unconfirmed)

    def is_confirmed(self, channel: str) -> bool:
        """Whether the server has confirmed that what is published there arrives here."""
        name = channel.encode()
        return name in self._told and not any(name in command.channels for command in self._unconfirmed)

    def next_commands(self) -> list[bytes]:
        """The next batch to write. Empty while an earlier one is unconfirmed, or if there is nothing to change."""
        if self._unconfirmed or not self._changed:
            return []
        added: list[bytes] = []
        removed: list[bytes] = []
        while self._changed and len(added) + len(removed) < BATCH_CHANNELS:
            channel = self._changed.pop()
            if channel in self.wanted and channel not in self._told:
                added.append(channel)
            elif channel not in self.wanted and channel in self._told:
                removed.append(channel)
        self._told.update(added)
        self._told.difference_update(removed)
        return [*self._commands(removed, is_subscribe=False), *self._commands(added, is_subscribe=True)]

    def confirm(self, kind: bytes, channel: bytes) -> str | None:
        """Take in what the server said (`subscribe`, `sunsubscribe`, …). Returns a channel that is now subscribed to.

        Raises UnexpectedAnswerError: the connection is of no use any more.
        """
        is_subscribe = not kind.endswith(b"unsubscribe")
        command = self._unconfirmed[0] if self._unconfirmed else None
        if command is None or command.is_subscribe != is_subscribe or command.channels[0] != channel:
            if kind == b"sunsubscribe":  # the server ends it by itself: it has the slot no longer
                self._refuse([channel])
                return None
            raise UnexpectedAnswerError(f"{kind.decode(errors='replace')} was not expected")
        command.channels.popleft()
        if not command.channels:
            self._unconfirmed.popleft()
        if not is_subscribe:
            return None
        self._missing.discard(channel)
        return self.wanted.get(channel)

    def refuse(self) -> None:
        """The server does not have the slot of what it was asked for first."""
        if self._unconfirmed:
            command = self._unconfirmed.popleft()
            if command.is_subscribe:
                self._refuse(command.channels)

    def retry(self) -> None:
        """Ask once more for what was refused."""
        self._changed |= self._refused
        self._refused.clear()

    def _refuse(self, channels: Collection[bytes]) -> None:
        self._told.difference_update(channels)
        refused = {channel for channel in channels if channel in self.wanted}
        self._refused |= refused
        self._missing |= refused

    def _commands(self, channels: list[bytes], *, is_subscribe: bool) -> list[bytes]:
        if not channels:
            return []
        groups: dict[int, list[bytes]] = {}
        for channel in channels:  # those of one command must have the same slot
            groups.setdefault(partition_of_name(channel) if self._is_sharded else 0, []).append(channel)
        commands = []
        for group in groups.values():
            self._unconfirmed.append(_Command(is_subscribe, deque(group)))
            commands.append(encode_command(self._verbs[is_subscribe], *group))
        return commands
