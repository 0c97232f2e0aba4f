"""The table that `hyred-chat top` shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rich.table import Table
from rich.text import Text

from hyred_chat.top.readings import Interval

MEGABYTE = 1_000_000
# From here on a figure is worth a look: seconds of lag and of acknowledgement, and waiting messages.
HIGH_LAG_SECONDS = 0.1
HIGH_ACKNOWLEDGEMENT_SECONDS = 0.25
HIGH_WAITING = 1_000
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One process. Times are in seconds; None where there was nothing to measure."""

    sockets: float
    users: float
    sent: float
    delivered: float
    acknowledged_half: float | None
    acknowledged_most: float | None
    lag: float | None
    waiting: float
    processor: float
    memory_bytes: float
    redis: str | None
    is_overloaded: bool

    @classmethod
    def of(cls, interval: Interval) -> "Row":
        """What a process did between two readings, and how it is at the second one."""
        now = interval.after
        return cls(
            sockets=now.sum("hyred_sockets"),
            users=now.sum("hyred_users_connected"),
            sent=interval.rate("hyred_acknowledgements_total", outcome="stored"),
            delivered=interval.rate("hyred_deliveries_total"),
            acknowledged_half=interval.quantile("hyred_acknowledgement_seconds", 0.5),
            acknowledged_most=interval.quantile("hyred_acknowledgement_seconds", 0.99),
            lag=interval.quantile("hyred_event_loop_lag_seconds", 0.99),
            waiting=now.sum("hyred_sends_waiting"),
            processor=interval.rate("process_cpu_seconds_total"),
            memory_bytes=now.sum("process_resident_memory_bytes"),
            redis=now.label("hyred_redis_state", "state"),
            is_overloaded=now.sum("hyred_event_loop_overloaded") > 0,
        )


def draw(rows: Mapping[str, Row | None]) -> Table:
    """The table.

    Args:
        rows: by address of the process; None of one that does not answer.
    """
    table = Table(title="Hyred Chat", caption="Ctrl-C ends it.", expand=False)
    table.add_column("server")
    for heading in (
        "sockets",
        "users",
        "sent/s",
        "delivered/s",
        "ack p50",
        "ack p99",
        "lag p99",
        "waiting",
        "CPU",
        "MB",
    ):
        table.add_column(heading, justify="right")
    table.add_column("Redis")
    for url, row in rows.items():
        name = urlsplit(url).netloc
        if row is None:
            table.add_row(name, Text("does not answer", style="red"))
        else:
            table.add_row(name, *_cells(row))
    answering = [row for row in rows.values() if row is not None]
    if len(answering) > 1:
        table.add_section()
        table.add_row("all", *_totals(answering))
    return table


def _cells(row: Row) -> list[str | Text]:
    lag = _time(row.lag, HIGH_LAG_SECONDS)
    return [
        f"{row.sockets:,.0f}",
        f"{row.users:,.0f}",
        f"{row.sent:,.0f}",
        f"{row.delivered:,.0f}",
        _time(row.acknowledged_half, HIGH_ACKNOWLEDGEMENT_SECONDS),
        _time(row.acknowledged_most, HIGH_ACKNOWLEDGEMENT_SECONDS),
        Text("overloaded", style="red") if row.is_overloaded else lag,
        Text(f"{row.waiting:,.0f}", style="yellow" if row.waiting >= HIGH_WAITING else ""),
        f"{row.processor:.0%}",
        f"{row.memory_bytes / MEGABYTE:,.0f}",
        Text(row.redis or NOTHING, style="" if row.redis in {None, "connected"} else "red"),
    ]


def _totals(rows: list[Row]) -> list[str]:
    return [
        f"{sum(row.sockets for row in rows):,.0f}",
        "",  # a user with two devices may be at two servers
        f"{sum(row.sent for row in rows):,.0f}",
        f"{sum(row.delivered for row in rows):,.0f}",
        "",
        "",
        "",
        f"{sum(row.waiting for row in rows):,.0f}",
        f"{sum(row.processor for row in rows):.0%}",
        f"{sum(row.memory_bytes for row in rows) / MEGABYTE:,.0f}",
    ]


def _time(seconds: float | None, high_seconds: float) -> Text:
    if seconds is None:
        return Text(NOTHING)
    text = f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
    return Text(text, style="yellow" if seconds >= high_seconds else "")
