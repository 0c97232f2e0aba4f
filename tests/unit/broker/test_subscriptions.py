"""Whatever is wanted or no longer, and whenever the connection breaks: in the end the server knows what we want."""

from collections import deque

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hyred_chat.broker.partitions import Names, partition_of_name
from hyred_chat.broker.subscriptions import BATCH_CHANNELS, Subscriptions, UnexpectedAnswerError

NAMES = Names("hyred")
CHANNELS = [NAMES.name("u", str(number)) for number in range(12)]


class FakeServer:
    """Answers commands one by one, in order, as a server of a cluster does."""

    def __init__(self) -> None:
        self.subscribed: set[bytes] = set()
        self.moved: set[int] = set()
        self.commands: deque[list[bytes]] = deque()

    def receive(self, command: bytes) -> None:
        self.commands.append(command.split(b"\r\n")[2::2])

    def answer(self) -> list[tuple[bytes, bytes]] | None:
        """The confirmations of the oldest command, or None for an error."""
        verb, *channels = self.commands.popleft()
        assert len({partition_of_name(channel) for channel in channels}) == 1
        if partition_of_name(channels[0]) in self.moved:
            return None
        if verb == b"SSUBSCRIBE":
            self.subscribed.update(channels)
        else:
            assert verb == b"SUNSUBSCRIBE"
            self.subscribed.difference_update(channels)
        return [(verb.lower(), channel) for channel in channels]


class SubscriptionsBesideAServer(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.subscriptions = Subscriptions(is_sharded=True)
        self.server = FakeServer()
        self.wanted: set[str] = set()

    @rule(channel=st.sampled_from(CHANNELS))
    def want(self, channel: str) -> None:
        self.subscriptions.add(channel)
        self.wanted.add(channel)

    @rule(channel=st.sampled_from(CHANNELS))
    def want_no_longer(self, channel: str) -> None:
        self.subscriptions.discard(channel)
        self.wanted.discard(channel)

    @rule()
    def write(self) -> None:
        for command in self.subscriptions.next_commands():
            self.server.receive(command)

    @precondition(lambda self: self.server.commands)
    @rule()
    def hear(self) -> None:
        answers = self.server.answer()
        if answers is None:
            self.subscriptions.refuse()
            return
        for kind, channel in answers:
            name = self.subscriptions.confirm(kind, channel)
            assert name is None or name.encode() == channel

    @rule()
    def lose_the_connection(self) -> None:
        self.server = FakeServer()
        self.subscriptions.reset()
        assert self.subscriptions.is_complete is (not self.wanted)

    @precondition(lambda self: not self.server.commands)
    @rule(channel=st.sampled_from(CHANNELS))
    def move_a_slot_away(self, channel: str) -> None:
        partition = partition_of_name(channel.encode())
        self.server.moved.add(partition)
        for subscribed in sorted(self.server.subscribed):
            if partition_of_name(subscribed) == partition:
                self.server.subscribed.discard(subscribed)
                assert self.subscriptions.confirm(b"sunsubscribe", subscribed) is None

    @rule()
    def move_the_slots_back(self) -> None:
        self.server.moved.clear()
        self.subscriptions.retry()

    @invariant()
    def what_is_said_to_be_confirmed_is_so(self) -> None:
        for channel in CHANNELS:
            if self.subscriptions.is_confirmed(channel):
                assert channel.encode() in self.server.subscribed

    @invariant()
    def what_is_wanted_is_known(self) -> None:
        assert set(self.subscriptions.wanted.values()) == self.wanted

    def teardown(self) -> None:
        self.move_the_slots_back()
        for _ in range(4):
            self.write()
            while self.server.commands:
                self.hear()
        assert {channel.decode() for channel in self.server.subscribed} == self.wanted
        assert self.subscriptions.is_complete
        assert not self.subscriptions.is_waiting


TestSubscriptionsBesideAServer = SubscriptionsBesideAServer.TestCase


def test_one_batch_at_a_time_is_unconfirmed() -> None:
    subscriptions = Subscriptions(is_sharded=False)
    for number in range(BATCH_CHANNELS + 1):
        subscriptions.add(NAMES.name("u", str(number)))
    (command,) = subscriptions.next_commands()
    assert command.startswith(b"*%d\r\n$9\r\nSUBSCRIBE" % (BATCH_CHANNELS + 1))
    assert subscriptions.next_commands() == []
    for channel in command.split(b"\r\n")[4::2]:
        subscriptions.confirm(b"subscribe", channel)
    assert len(subscriptions.next_commands()) == 1


def test_an_answer_to_nothing_that_was_asked_is_an_error() -> None:
    with pytest.raises(UnexpectedAnswerError):
        Subscriptions(is_sharded=False).confirm(b"subscribe", b"somewhere")
