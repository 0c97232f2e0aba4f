"""What a run comes to: counts of operations and faults, how long healing took, and every broken promise."""

from collections import defaultdict
from collections.abc import Sequence

from faults.checker import list_deliveries
from faults.facts import Facts, Violation

# What a fault has broken may be noticed this long after it is over.
AFTER_SECONDS = 2.0
MAX_VIOLATIONS = 40


def render(facts: Facts, violations: Sequence[Violation]) -> str:
    """The report, as tables in Markdown."""
    start = facts.start
    people, devices = len({*start["devices"].values()}), len(start["devices"])
    stored = sum(room["lastSeq"] for room in facts.stored.values())
    lines = [
        f"Seed {start['seed']}, commit {start['commit'] or 'unknown'}: {start['seconds']:.0f} s of faults.",
        f"{len(start['nodes'])} nodes, {people} people with {devices} devices in {len(start['rooms'])} rooms.",
        f"{stored:,} messages are stored, and {facts.counts['message']:,} were received live.",
        f"Devices connected {facts.counts['connected']:,} times.",
        *_presence(facts),
        "",
        *_operations(facts),
        "",
        *_faults(facts),
        "",
    ]
    counts: defaultdict[str, int] = defaultdict(int)
    for violation in violations:
        counts[violation.promise] += 1
    if not violations:
        return "\n".join([*lines, "No promise was broken."])
    listed = ", ".join(f"{promise} {count}" for promise, count in sorted(counts.items()))
    lines += [f"BROKEN PROMISES: {len(violations)} ({listed})"]
    lines += [f"- {violation}" for violation in violations[:MAX_VIOLATIONS]]
    return "\n".join(lines)


def _operations(facts: Facts) -> list[str]:
    rows = ["| operation | ok | failed | unknown |", "| --- | --- | --- | --- |"]
    for op, outcomes in sorted(facts.outcomes.items()):
        rows.append(f"| {op} | {outcomes['ok']:,} | {outcomes['failed']:,} | {outcomes['unknown']:,} |")
    return rows


def _presence(facts: Facts) -> list[str]:
    last = max((trouble.ended for trouble in facts.troubles.values()), default=None)
    if last is None or not facts.presence:
        return []
    seconds = max(answer["t"] for answer in facts.presence) - last
    return [f"The last server knew who was there {seconds:.1f} s after the last fault."]


def _faults(facts: Facts) -> list[str]:
    troubles = sorted(facts.troubles.values(), key=lambda trouble: trouble.began)
    healing: defaultdict[str, list[float]] = defaultdict(list)
    for span, seq, told_at in list_deliveries(facts):
        if (heard_at := span.heard.get(seq)) is None:
            continue
        seconds = max(0.0, heard_at - told_at)
        names = {
            trouble.name
            for trouble in troubles
            if trouble.began <= max(told_at, heard_at) and told_at <= trouble.ended + AFTER_SECONDS
        }
        for name in names or {"(none)"}:
            healing[name].append(seconds)
    rows = [
        "| fault | times | seconds in all | deliveries meanwhile | p50 | p99 | max |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in sorted({trouble.name for trouble in troubles} | healing.keys()):
        lengths = [trouble.ended - trouble.began for trouble in troubles if trouble.name == name]
        found = sorted(healing[name]) or [0.0]
        p50, p99 = found[len(found) // 2], found[len(found) * 99 // 100]
        times = f"{len(lengths)} | {sum(lengths):.1f}" if lengths else " | "
        rows.append(f"| {name} | {times} | {len(healing[name]):,} | {p50:.3f} s | {p99:.2f} s | {found[-1]:.2f} s |")
    return rows
