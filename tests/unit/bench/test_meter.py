"""Who used the processor."""

from bench.meter import Shares, verdict


def test_a_machine_that_was_busy_with_other_things_is_not_for_the_record() -> None:
    assert verdict(15.0) == []
    assert "NOT FOR THE RECORD" in verdict(15.1)[0]


def test_the_shares_are_said_in_whole_per_cent() -> None:
    note = Shares(generator=36.5, server=62.4, database=40.0, others=0.2).note()
    assert note == ("CPU in % of one core: generator 36, server 62, PostgreSQL 40, everything else on this machine 0.")
