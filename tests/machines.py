"""A processor that a test has: its clock, and what others use of it."""

from hyred_chat.search.pace import Pace


class Machine:
    """A clock, and an event loop of which others use a part of every second.

    Attributes:
        now: seconds.
        load: the part of the time that others use.
        rate: messages that are stored in a second.
        slept: how long it was rested for in all.
    """

    def __init__(self, *, load: float = 0.0, rate: int = 10_000) -> None:
        self.now = self.used = self.slept = self.stored = 0.0
        self.load, self.rate = load, rate
        self.pace = Pace(lambda: int(self.stored), now=lambda: self.now, used=lambda: self.used, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)
        self.slept += seconds

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.used += seconds * self.load
        self.stored += seconds * self.rate

    async def work(self, seconds: float = 0.01) -> None:
        """One piece of work, which keeps the processor for all of its time."""
        async with self.pace.turn():
            self.now += seconds
            self.used += seconds

    async def share(self, *, seconds: float) -> float:
        """The part of so much time that work got which there always was."""
        began_at, slept_before = self.now, self.slept
        while self.now < began_at + seconds:
            await self.work()
        return 1 - (self.slept - slept_before) / (self.now - began_at)


async def busy_machine() -> Machine:
    """One whose pace knows that nothing is left. Its clock stands still, until somebody moves it."""
    machine = Machine(load=1.0)
    await machine.share(seconds=20)
    machine.pass_by(20)
    return machine
