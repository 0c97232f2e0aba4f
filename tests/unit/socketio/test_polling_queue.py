"""The long-polling transport's queue."""

import asyncio

import pytest

from hyred_chat.socketio import Encoded, reasons
from hyred_chat.socketio.polling import Polling


class Overflows(list[int]):
    def __call__(self) -> None:
        self.append(1)


@pytest.fixture
def overflows() -> Overflows:
    return Overflows()


@pytest.fixture
def polling(overflows: Overflows) -> Polling:
    return Polling(100, overflows)


async def test_everything_queued_is_one_payload(polling: Polling) -> None:
    polling.send(Encoded(b"4a"))
    polling.send(Encoded(b"451-[]", [b"\1\2\3\4"]))
    assert polling.has_payload()
    assert polling.take_payload() == b"4a\x1e451-[]\x1ebAQIDBA=="
    assert not polling.has_payload()


async def test_a_queue_past_its_bound_overflows_once_and_takes_no_more(polling: Polling, overflows: Overflows) -> None:
    for _ in range(10):
        polling.send(Encoded(b"4" + b"x" * 60))
    assert overflows == []
    await asyncio.sleep(0)
    assert overflows == [1]
    assert polling.take_payload().count(b"\x1e") == 1


async def test_a_queue_that_is_fetched_in_time_does_not_overflow(polling: Polling, overflows: Overflows) -> None:
    for _ in range(10):
        polling.send(Encoded(b"4" + b"x" * 60))
        polling.take_payload()
    await asyncio.sleep(0)
    assert overflows == []


@pytest.mark.parametrize(
    ("reason", "answer"),
    [(reasons.TRANSPORT_CLOSE, b"6"), (reasons.TRANSPORT_ERROR, b"1"), (reasons.PING_TIMEOUT, b"1")],
)
async def test_a_session_that_fails_answers_its_pending_poll_and_keeps_nothing(
    polling: Polling, reason: str, answer: bytes
) -> None:
    polling.poll = asyncio.get_running_loop().create_future()
    assert polling.close(reason) == []
    assert polling.poll.done()
    assert polling.take_payload() == answer


async def test_a_poll_that_the_clients_close_overtook_is_answered_as_if_it_had_not(polling: Polling) -> None:
    assert polling.close(reasons.TRANSPORT_CLOSE) == [b"6"]


async def test_no_poll_is_overtaken_during_a_probe_which_answers_them_at_once(polling: Polling) -> None:
    polling.start_probe()
    assert polling.close(reasons.TRANSPORT_CLOSE) == []


async def test_an_orderly_close_delivers_what_was_sent_before_and_closes_by_another_poll(polling: Polling) -> None:
    polling.poll = asyncio.get_running_loop().create_future()
    polling.send(Encoded(b"41"))
    assert polling.close(reasons.FORCED_CLOSE) == [b"1"]
    assert polling.take_payload() == b"41"


async def test_an_orderly_close_without_a_poll_is_told_to_the_next_ones(polling: Polling) -> None:
    polling.send(Encoded(b"41"))
    assert polling.close(reasons.FORCED_CLOSE) == [b"41", b"1"]


@pytest.mark.parametrize("reason", [reasons.SERVER_SHUTTING_DOWN, reasons.TOO_BUSY])
async def test_a_server_that_stops_or_is_too_busy_sends_no_close_packet_so_that_clients_come_back(
    polling: Polling, reason: str
) -> None:
    polling.poll = asyncio.get_running_loop().create_future()
    assert polling.close(reason) == []
    assert polling.poll.done()
    assert polling.take_payload() == b"6"


async def test_a_websocket_takes_over_what_was_not_fetched(polling: Polling) -> None:
    polling.start_probe()
    assert polling.take_payload() == b"6"
    message = Encoded(b"4a")
    polling.send(message)
    assert polling.retire() == [message]


async def test_a_probe_answers_polls_at_once_until_it_is_over(polling: Polling) -> None:
    polling.poll = asyncio.get_running_loop().create_future()
    polling.start_probe()
    assert polling.poll.done()
    assert polling.take_payload() == b"6"
    assert polling.has_payload()
    assert polling.take_payload() == b"6"
    polling.stop_probe()
    assert not polling.has_payload()
