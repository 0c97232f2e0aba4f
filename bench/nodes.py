"""What several nodes cost and give: throughput and latency beside a single one, and what passes through the broker."""

from collections import defaultdict
from contextlib import AsyncExitStack

import redis

from bench import idle, latency, throughput
from bench.figures import medians, percentile, ratio
from bench.meter import verdict
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.several import HyredNodes, OneNodeWithBroker, TenNodes
from bench.table import Section, Target

KINDS: tuple[type[HyredChat], ...] = (HyredChat, OneNodeWithBroker, HyredNodes)
PAIR_COUNTS = (50, 200)


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Starts servers of its own, one after the other beside one another, and interleaves their rounds."""
    async with AsyncExitStack() as stack:
        servers: dict[type[HyredChat], HyredChat] = {}
        for kind in KINDS:
            progress(f"starting {kind.name}")
            servers[kind] = server = kind()
            stack.push_async_callback(server.stop)
            await server.start()
        sections = [await _compare_throughput(servers, settings), await _compare_latency(servers, settings)]
        with_broker = servers[OneNodeWithBroker]
        shares = await idle.watch(with_broker, settings.silent_sockets)
        sections.append(idle.table([(with_broker.name, shares)], settings.silent_sockets))
    async with AsyncExitStack() as stack:
        traffic = []
        for spread in (HyredNodes, TenNodes):
            progress(f"starting {spread.name}")
            nodes = spread()
            stack.push_async_callback(nodes.stop)
            await nodes.start()
            traffic.append(await _count_traffic(nodes, settings))
    return [*sections, _traffic_table(traffic)]


async def _compare_throughput(servers: dict[type[HyredChat], HyredChat], settings: Settings) -> Section:
    section = Section(
        title="Throughput of several nodes",
        columns=("pairs", "servers", "messages/s", "p50 ms", "p99 ms", "CPU us each", "of a single node"),
        rows=[],
        notes=["The two people of a pair are at different nodes. CPU is that of nodes, broker and database."],
    )
    most_of_others = 0.0
    for pairs in (count for count in PAIR_COUNTS if count in settings.pair_counts):
        rounds: dict[type[HyredChat], list[list[float]]] = defaultdict(list)
        for number in range(settings.rounds):
            for kind, server in servers.items():
                figures = await throughput.run_round(server, pairs, settings)
                most_of_others = max(most_of_others, figures.cpu.others)
                rounds[kind].append(figures.row())
                rate = f"{figures.messages_per_second:,.0f} messages/s"
                progress(f"{pairs} pairs, round {number + 1}: {kind.name}: {rate}")
        alone = medians(rounds[HyredChat])[0]
        for kind in servers:
            row = medians(rounds[kind])
            share = ratio(row[0], alone)
            section.rows.append((pairs, kind.name, *row[:4], share))
            if kind is HyredNodes:
                section.targets.append(Target(f"of one node's throughput at {pairs} pairs", share, at_least=0.8))
    section.notes += verdict(most_of_others)
    return section


async def _compare_latency(servers: dict[type[HyredChat], HyredChat], settings: Settings) -> Section:
    section = Section(
        title=f"Delivery at {settings.offered_per_second} messages/s offered, across nodes",
        columns=("servers", "p50 ms", "p90 ms", "p99 ms"),
        rows=[],
        notes=["From the moment at which a message was due until the other person has it, at the other node."],
    )
    received: dict[type[HyredChat], list[float]] = defaultdict(list)
    for number in range(settings.rounds):
        for kind, server in servers.items():
            progress(f"latency, round {number + 1}: {kind.name}")
            board, _ = await latency.run(server, settings)
            received[kind] += [(board.received[n] - due) * 1000 for n, due in enumerate(board.due)]
    for kind, milliseconds in received.items():
        section.rows.append((kind.name, *(percentile(milliseconds, at) for at in (50, 90, 99))))
    added = percentile(received[HyredNodes], 50) - percentile(received[HyredChat], 50)
    section.targets.append(Target("ms that crossing nodes adds at the median", added, at_most=3.0))
    return section


async def _count_traffic(nodes: HyredNodes, settings: Settings) -> tuple[str, float, float, float]:
    """What a message costs the broker: publishes, deliveries' bytes, and microseconds of its processor."""
    client = redis.Redis.from_url(nodes.valkey.url)
    try:
        before = _counters(client)
        board, _ = await latency.run(nodes, settings)
        after = _counters(client)
    finally:
        client.close()
    count = len(board.due)
    publishes, output, cpu = (now - then for now, then in zip(after, before, strict=True))
    return nodes.name, publishes / count, output / count, cpu * 1e6 / count


def _counters(client: "redis.Redis") -> tuple[float, float, float]:
    info = client.info("all")
    publishes = float(info.get("cmdstat_publish", {"calls": 0})["calls"])
    return publishes, float(info["total_net_output_bytes"]), float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def _traffic_table(rows: list[tuple[str, float, float, float]]) -> Section:
    more = ratio(rows[1][2], rows[0][2])
    return Section(
        title="What a message costs the broker",
        columns=("nodes", "publishes", "bytes sent to nodes", "CPU us"),
        rows=list(rows),
        notes=[
            "Messages between pairs whose people are at two nodes. Eight more nodes have nobody to tell.",
            "Leases and probes of all nodes are counted, too.",
        ],
        targets=[Target("times the bytes of two nodes with ten", more, at_most=1.5)],
    )
