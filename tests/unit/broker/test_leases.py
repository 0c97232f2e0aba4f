"""A lease is believed only as far as its holder knows by its own clock that nobody saw it end."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker.leases import LEASE_SECONDS, Lease
from hyred_chat.broker.partitions import Names
from tests.clocks import VirtualLoop
from tests.faulty_redis import FaultyRedis


class Holder:
    """A process that holds a lease, and whose answers from Redis can be lost."""

    def __init__(self, redis: FaultyRedis) -> None:
        self.losses = 0
        self.loses_answers = False
        self.lease = Lease("a", Names("hyred"), self._run, self._note_loss)
        self._redis = redis

    async def _run(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        answers = [self._redis.run(command) for command in commands]
        if self.loses_answers:
            raise BrokerUnavailableError("the answer was lost")
        return answers

    def _note_loss(self) -> None:
        self.losses += 1

    def renew(self) -> None:
        self._redis.loop.run_until_complete(self.lease.renew())


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    yield loop
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def holder(loop: VirtualLoop) -> Holder:
    holder = Holder(FaultyRedis(loop, seed=1))
    holder.renew()
    return holder


def test_a_lease_that_is_renewed_in_time_stays_the_same(loop: VirtualLoop, holder: Holder) -> None:
    incarnation = holder.lease.incarnation
    for _ in range(3):
        loop.pass_by(LEASE_SECONDS - 1)
        holder.renew()
    assert (holder.lease.incarnation, holder.losses) == (incarnation, 0)


def test_a_lease_that_redis_has_forgotten_is_taken_anew_under_another_name(loop: VirtualLoop, holder: Holder) -> None:
    incarnation = holder.lease.incarnation
    loop.pass_by(LEASE_SECONDS + 1)
    holder.renew()
    assert holder.losses == 1
    assert incarnation not in loop.run_until_complete(holder.lease.list_live())
    assert holder.lease.incarnation in loop.run_until_complete(holder.lease.list_live())


def test_a_lease_that_a_renewal_without_an_answer_brought_back_is_given_up(loop: VirtualLoop, holder: Holder) -> None:
    """Redis has it again, and says so to the next renewal. Others have seen it end, and told who was gone."""
    incarnation = holder.lease.incarnation
    loop.pass_by(LEASE_SECONDS + 1)
    holder.loses_answers = True
    with pytest.raises(BrokerUnavailableError):
        holder.renew()
    assert incarnation in loop.run_until_complete(Holder(holder._redis).lease.list_live())

    holder.loses_answers = False
    loop.pass_by(1)
    holder.renew()
    assert holder.losses == 1
    assert loop.run_until_complete(holder.lease.list_live()) == {holder.lease.incarnation} != {incarnation}


def test_a_lease_that_is_to_outlive_its_process_lasts_as_long_as_was_asked(loop: VirtualLoop, holder: Holder) -> None:
    holder.lease.card = b"where it is reached"
    loop.run_until_complete(holder.lease.outlive(15))
    loop.pass_by(3)
    holder.renew()
    loop.pass_by(11)
    assert loop.run_until_complete(holder.lease.list_live()) == {holder.lease.incarnation}
    assert loop.run_until_complete(holder.lease.list_cards()) == [b""]
    loop.pass_by(2)
    assert not loop.run_until_complete(holder.lease.list_live())
