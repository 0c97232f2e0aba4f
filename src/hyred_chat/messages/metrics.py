"""Metrics of messages: sending, storing, delivering, healing and changing."""

from hyred_chat.messages.change_delivery import ChangeDelivery
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.healing import Healing
from hyred_chat.messages.service import Messages
from hyred_chat.metrics.registry import Metrics


def describe_messages(metrics: Metrics, messages: Messages, delivery: Delivery, healing: Healing) -> None:
    """Add them."""
    sends = messages.measures
    metrics.counter(
        "hyred_sends_total",
        "Messages that clients sent and the server accepted for storing, retries included, by interface.",
        lambda: {str(interface): count for interface, count in sends.accepted.items()},
        labels=["interface"],
    )
    metrics.counter(
        "hyred_acknowledgements_total",
        "Answers to accepted sends: stored, a repeat of one that is stored, or refused.",
        lambda: {"stored": sends.stored, "repeat": sends.repeated, "refused": sends.refused},
        labels=["outcome"],
    )
    metrics.histogram(
        "hyred_acknowledgement_seconds",
        "Time from the acceptance to the acknowledgement of the first message of each batch.",
        sends.acknowledgement_seconds,
    )
    metrics.histogram("hyred_batch_messages", "Messages for each statement that stored some.", sends.batch_messages)
    metrics.histogram(
        "hyred_batch_seconds", "Time for each statement that stored messages, flush included.", sends.batch_seconds
    )
    metrics.counter(
        "hyred_batch_failures_total",
        "Attempts to store a batch that are repeated: the connection broke, or a room was locked.",
        lambda: {"connection": sends.broken_batches, "locked": sends.locked_batches},
        labels=["cause"],
    )
    metrics.gauge(
        "hyred_sends_waiting",
        "Accepted sends that wait: in a lane for the next batch, or aside for a room that is locked.",
        lambda: {"lane": messages.waiting_count, "aside": messages.aside_count},
        labels=["queue"],
    )
    metrics.histogram(
        "hyred_delivery_seconds",
        "Time from the commit of a batch until its events are written to the WebSockets of this process.",
        sends.delivery_seconds,
    )
    metrics.counter(
        "hyred_deliveries_total", "new_message events sent to sockets of this process.", lambda: delivery.sent
    )
    metrics.counter(
        "hyred_healing_looks_total", "Comparisons of a room in memory with the database.", lambda: healing.looks
    )
    metrics.counter(
        "hyred_healing_gaps_total",
        "Gaps before a message that did not close by themselves within 75 ms.",
        lambda: healing.gaps,
    )
    metrics.gauge(
        "hyred_rooms_holding",
        "Rooms that hold messages back until their predecessors have come.",
        lambda: len(healing.hold),
    )
    metrics.counter(
        "hyred_healed_messages_total", "Messages that healing found and delivered late.", lambda: healing.healed
    )
    metrics.gauge("hyred_healing_waiting", "Rooms that wait to be compared.", lambda: healing.waiting_count)


def describe_changes(metrics: Metrics, messages: Messages, delivery: ChangeDelivery) -> None:
    """Add those of changes of messages."""
    changes = messages.change_measures
    metrics.counter(
        "hyred_changes_total",
        "Changes of messages that were accepted and answered, by their kind and what became of them.",
        lambda: dict(changes.settled),
        labels=["kind", "outcome"],
    )
    metrics.histogram(
        "hyred_change_acknowledgement_seconds",
        "Time from the acceptance of a change to its answer.",
        changes.acknowledgement_seconds,
    )
    metrics.counter(
        "hyred_change_deliveries_total",
        "message_changed events sent to sockets of this process.",
        lambda: delivery.sent,
    )
