"""Who used the processor."""

from typing import Any

import pytest

from bench import meter
from bench.meter import Meter, Shares, verdict


def test_a_machine_that_was_busy_with_other_things_is_not_for_the_record() -> None:
    assert verdict(15.0) == []
    assert "NOT FOR THE RECORD" in verdict(15.1)[0]


def test_the_shares_are_said_in_whole_per_cent() -> None:
    note = Shares(generator=36.5, server=62.4, database=40.0, others=0.2).note()
    assert note == ("CPU in % of one core: generator 36, server 62, PostgreSQL 40, everything else on this machine 0.")


def test_processes_that_make_load_count_as_generators_and_not_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    class Idle:
        def cpu_seconds(self) -> float:
            return 0.0

        database_cpu_seconds = cpu_seconds

    used = {7: 1.0, 8: 2.0}
    server: Any = Idle()
    monkeypatch.setattr(meter, "cpu_seconds", used.__getitem__)
    monkeypatch.setattr(meter, "machine_cpu_seconds", lambda: sum(used.values()))
    both = Meter(server, generators=[7, 8])
    nobody = Meter(server)
    used[8] += 1_000.0
    # Over no time at all, what is left of large numbers is not quite nothing.
    shares = both.shares()
    assert shares.others <= shares.generator / 1e9
    assert both.shares().generator > nobody.shares().generator
    assert nobody.shares().others > 0.0
