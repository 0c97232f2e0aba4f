"""The queue keeps its bounds and its order, and drops what is droppable first."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hyred_chat.broker.publish_queue import PublishQueue

MAX_FRAMES, MAX_BYTES = 20, 200


class QueueBesideAModel(RuleBasedStateMachine):
    """What is known of what was added, kept plainly."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped = 0
        self.queue = PublishQueue(self._count, max_frames=MAX_FRAMES, max_bytes=MAX_BYTES)
        self.model: list[tuple[bytes, bool]] = []
        self.number = 0

    def _count(self, count: int) -> None:
        self.dropped += count

    def _waiting(self) -> list[tuple[bytes, bool]]:
        return list(self.queue._waiting)

    @rule(droppable=st.booleans(), size=st.integers(min_value=4, max_value=60))
    def add(self, *, droppable: bool, size: int) -> None:
        self.number += 1
        command = b"%04d" % self.number + bytes(size - 4)
        before, dropped = [*self.model, (command, droppable)], self.dropped
        self.queue.add(command, droppable)
        self.model = self._waiting()
        gone = [entry for entry in before if entry not in self.model]
        assert [entry for entry in before if entry in self.model] == self.model
        assert len(gone) == self.dropped - dropped
        kept_droppable = [entry for entry in self.model if entry[1]]
        if any(not entry[1] for entry in gone):
            assert kept_droppable == []
        fits = len(before) <= MAX_FRAMES and sum(len(entry[0]) for entry in before) <= MAX_BYTES
        assert (gone == []) is fits
        # Of each kind the oldest went first.
        for kind in (True, False):
            of_kind = [entry for entry in before if entry[1] is kind]
            lost = [entry for entry in gone if entry[1] is kind]
            assert of_kind[: len(lost)] == lost

    @rule(size=st.integers(min_value=1, max_value=2 * MAX_BYTES))
    def take(self, size: int) -> None:
        taken = self.queue.take(size)
        assert taken == [command for command, _ in self.model[: len(taken)]]
        assert sum(map(len, taken)) <= size or len(taken) == 1
        self.model = self.model[len(taken) :]
        if self.model:
            assert sum(map(len, taken)) + len(self.model[0][0]) > size

    @rule()
    def drop_droppable(self) -> None:
        self.queue.drop_droppable()
        self.model = [entry for entry in self.model if not entry[1]]

    @rule()
    def take_all(self) -> None:
        assert self.queue.take_all() == self.model
        self.model = []

    @invariant()
    def agrees(self) -> None:
        assert self._waiting() == self.model
        assert len(self.queue) == len(self.model) <= MAX_FRAMES
        assert self.queue.bytes == sum(len(command) for command, _ in self.model) <= MAX_BYTES


TestQueueBesideAModel = QueueBesideAModel.TestCase
