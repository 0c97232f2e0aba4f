"""Were the promises kept? Reads a history, and nothing else, so it can be run again on the same file.

An outcome may be unknown. Such a message may be stored or not, and never twice: counting it as failed would show
doubles that are none, counting it as sent would show losses that are none.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from faults.facts import Facts, Span, Trouble, Violation, user_of
from faults.history import Record

# A message that was acknowledged is with everybody who is in its room within this time (promise 6).
WHOLE_SECONDS = 15.0
PRESENCE_SECONDS = 30.0
# On top of both: for a machine that runs all of this at once.
SLACK_SECONDS = 2.0
# While one of these is going on, a node or the database is away, and nobody promises anything.
INTERRUPTING = frozenset(
    {
        *("node killed", "node stopped", "rolling restart"),
        *("PostgreSQL restarted", "PostgreSQL stopped", "connections ended", "answers lost"),
    }
)


def check(records: Sequence[Record]) -> tuple[Facts, list[Violation]]:
    """What the history says, and every broken promise in it."""
    facts = Facts(records)
    found = list(facts.violations)
    for each in CHECKS:
        found.extend(each(facts))
    return facts, found


def check_sends(facts: Facts) -> Iterator[Violation]:
    """What was acknowledged is stored as it was acknowledged; what was refused is not; nothing is stored twice."""
    by_place = {
        (room, seq): (message_id, sender, client_message_id)
        for room, record in facts.stored.items()
        for seq, message_id, sender, client_message_id in record["messages"]
    }
    times_stored = Counter((sender, client_message_id) for _, sender, client_message_id in by_place.values())
    for (user, client_message_id), send in facts.sends.items():
        for at, message_id, seq in send.answers:
            if by_place.get((send.room, seq)) != (message_id, user, client_message_id):
                text = f"{client_message_id} was acknowledged as number {seq} of {send.room}"
                yield Violation("durable", f"{text} and is not stored there", at)
        if len({message_id for _, message_id, _ in send.answers}) > 1:
            yield Violation("once", f"{client_message_id} was acknowledged as different messages")
        if times_stored[user, client_message_id] and all(outcome == "failed" for _, _, outcome in send.attempts):
            yield Violation("once", f"{client_message_id} was refused and is stored")
    for (sender, client_message_id), times in times_stored.items():
        if times > 1:
            yield Violation("once", f"{client_message_id} of {sender} is stored {times} times")
        if (sender, client_message_id) not in facts.sends:
            yield Violation("once", f"{client_message_id} of {sender} is stored, and nobody sent it")


def check_numbers(facts: Facts) -> Iterator[Violation]:
    """No room is gone, and the numbers of each have no gap."""
    for room in facts.start["rooms"]:
        if room not in facts.stored:
            yield Violation("durable", f"the room {room} is gone")
    for room, record in facts.stored.items():
        if sorted(facts.stored_ids(room)) != list(range(1, record["lastSeq"] + 1)):
            yield Violation("order", f"the numbers of {room} have a gap")


def check_pages(facts: Facts) -> Iterator[Violation]:
    """Who reads a room anew gets what is stored, in order."""
    for page in facts.pages:
        if [tuple(message) for message in page["messages"]] != sorted(facts.stored_ids(page["room"]).items()):
            text = f"{page['user']} reads {page['room']} at {page['node']} otherwise than it is stored"
            yield Violation("order", text)


def check_held(facts: Facts) -> Iterator[Violation]:
    """Nobody has what is not stored, and who is in a room at the end has all of it."""
    for (device, room), held in facts.held.items():
        if more := held.items() - facts.stored_ids(room).items():
            yield Violation("durable", f"{device} has {min(more)} of {room}, which is not stored")
    for device, room in facts.current:
        if missing := facts.stored_ids(room).items() - facts.held[device, room].items():
            text = f"{device} has not got {len(missing)} of {room}, the first is number {min(missing)[0]}"
            yield Violation("whole", text)


def check_healing(facts: Facts) -> Iterator[Violation]:
    """Whoever is in a room has what was acknowledged there within 15 s, whatever becomes of Redis."""
    troubles = {
        node: [trouble for trouble in facts.troubles.values() if _is_away(node, trouble)]
        for node in facts.start["nodes"]
    }
    for span, seq, told_at in list_deliveries(facts):
        until = facts.ended_at if span.until is None else span.until
        ended = min(until, span.heard.get(seq, until))
        if ended > _deadline(told_at, [trouble for node in span.through for trouble in troubles[node]]):
            text = f"{span.device} at {span.node} waited {ended - told_at:.1f} s for number {seq} of {span.room}"
            yield Violation("healing", text, told_at)


def _is_away(node: str, trouble: Trouble) -> bool:
    """Whether a node, or the database for it, is away meanwhile."""
    if trouble.name == "rolling restart" or trouble.name.startswith("PostgreSQL"):
        return True
    return trouble.name in INTERRUPTING and ("node" not in trouble.detail or node in trouble.detail)


def list_deliveries(facts: Facts) -> Iterator[tuple[Span, int, float]]:
    """Every acknowledged message and everybody who was in the room by then: (socket, seq, acknowledged at)."""
    spans = defaultdict(list)
    for span in facts.spans:
        spans[span.room].append(span)
    for send in facts.sends.values():
        if not send.answers:
            continue
        told_at, _, seq = min(send.answers)
        for span in spans[send.room]:
            until = facts.ended_at if span.until is None else span.until
            was_there = span.joined_at is not None and span.joined_at <= told_at < until
            if was_there and (seq in span.heard or span.last < seq):
                yield span, seq, told_at


def _deadline(at: float, troubles: Sequence[Trouble]) -> float:
    """When something must be done that was to be done at a time: what is away meanwhile puts it off."""
    from_at = at
    for trouble in sorted(troubles, key=lambda each: each.began):
        if trouble.ended > from_at and trouble.began < from_at + WHOLE_SECONDS:
            from_at = trouble.ended
    return from_at + WHOLE_SECONDS + SLACK_SECONDS


def check_positions(facts: Facts) -> Iterator[Violation]:
    """Nobody's read position goes back: what is stored is behind no answer, and a node is never behind itself.

    Another node may have heard of a position a little later.
    """
    highest: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (user, _), send in facts.sends.items():
        for _, _, seq in send.answers:  # who writes has read what was before
            highest[user, send.room] = max(seq, highest[user, send.room])
    by_node: defaultdict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for read in facts.reads:
        key = (read["user"], read["room"])
        highest[key] = max(read["position"], highest[key])
        by_node[*key, read["node"]].append(read)
        if read["position"] < read["asked"]:
            text = f"{read['user']} has read {read['room']} up to {read['asked']}, and was told {read['position']}"
            yield Violation("positions", text, read["t"])
    for (user, room), position in highest.items():
        if (stored := facts.stored[room]["read"].get(user, 0)) < position:
            yield Violation("positions", f"{user} had read {room} up to {position}, and {stored} is stored")
    for reads in by_node.values():
        yield from _falls(reads)


def _falls(reads: Sequence[Record]) -> Iterator[Violation]:
    """Answers that are behind another one that was given before they were asked for."""
    ended = sorted(reads, key=itemgetter("t"))
    known, at = 0, 0
    for read in sorted(reads, key=itemgetter("began")):
        while at < len(ended) and ended[at]["t"] < read["began"]:
            known = max(known, ended[at]["position"])
            at += 1
        if read["position"] < known:
            text = f"{read['user']} was told to have read {read['room']} up to {read['position']}, after {known}"
            yield Violation("positions", f"{text}, at {read['node']}", read["t"])


def check_lists(facts: Facts) -> Iterator[Violation]:
    """Lists and unread counts, asked anew or followed live, are those that follow from messages and positions."""
    unread = {
        (room, user): sum(seq > read and sender != user for seq, _, sender, _ in record["messages"])
        for room, record in facts.stored.items()
        for user, read in record["read"].items()
    }
    for found in facts.fetched:
        room, user = found["room"], found["user"]
        stored = facts.stored[room]
        truth = (stored["lastSeq"], stored["read"][user], unread[room, user], unread[room, user])
        answer = (found["lastSeq"], found["lastReadSeq"], found["unread"], found["counted"])
        if answer != truth:
            text = f"{found['node']} has (last, read, unread, counted) = {answer} of {room} for {user}"
            yield Violation("unread", f"{text}, and it is {truth}")
    for (device, room), (last_seq, last_read_seq, count) in facts.lists.items():
        user, stored = user_of(facts, device), facts.stored[room]
        if device not in facts.connected:
            continue
        newest = (stored["lastSeq"], stored["read"][user])
        if (last_seq, max(last_read_seq, facts.own_reads[device, room])) != newest:
            text = f"the list of {device} has {room} at (last, read) = {(last_seq, last_read_seq)}, and it is {newest}"
            yield Violation("unread", text)
        elif last_read_seq == newest[1] and count != unread[room, user]:
            yield Violation("unread", f"the list of {device} counts {count} in {room}, not {unread[room, user]}")


def check_presence(facts: Facts) -> Iterator[Violation]:
    """Every node says the truth about who is there, soon after the last fault."""
    for answer in facts.presence:
        wrong = sorted(user for user, online in answer["truth"].items() if answer["online"].get(user) != online)
        if wrong:
            yield Violation("presence", f"{answer['node']} is wrong about {', '.join(wrong)}", answer["t"])


def check_envelopes(facts: Facts) -> Iterator[Violation]:
    """Every answer is an envelope, also that of a node that stops in the middle of a request."""
    for bare in facts.bare:
        text = f"{bare['node']} answers {bare['request']} with {bare['status']} and no envelope: {bare['text']!r}"
        yield Violation("envelopes", text, bare["t"])


def check_logs(facts: Facts) -> Iterator[Violation]:
    """No node logs a fault of its own: whatever breaks around it is expected."""
    for record in facts.logged:
        yield Violation("logs", f"{record['node']} says: {record['line']}")


CHECKS: tuple[Callable[[Facts], Iterator[Violation]], ...] = (
    check_sends,
    check_numbers,
    check_pages,
    check_held,
    check_healing,
    check_positions,
    check_lists,
    check_presence,
    check_envelopes,
    check_logs,
)
