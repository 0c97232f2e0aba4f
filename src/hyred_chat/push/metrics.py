"""Metrics of pushes."""

from hyred_chat.metrics.registry import Metrics
from hyred_chat.push.bounds import BoundedChannel
from hyred_chat.push.channels import Channels
from hyred_chat.push.settling import Settling


def describe_push(metrics: Metrics, channels: Channels, settling: Settling) -> None:
    """Add them."""
    configured = [channel for channel in channels.configured if isinstance(channel, BoundedChannel)]
    metrics.counter(
        "hyred_pushes_total",
        "Pushes sent to devices, by channel and outcome: accepted, unregistered, rejected or postponed.",
        lambda: {
            (channel.name, outcome): count for channel in configured for outcome, count in channel.outcomes.items()
        },
        labels=["channel", "outcome"],
    )
    metrics.histogram(
        "hyred_push_seconds",
        "How long the provider took to answer.",
        {channel.name: channel.seconds for channel in configured},
        labels=["channel"],
    )
    metrics.gauge(
        "hyred_pushes_sending",
        "Pushes that wait for the provider's answer.",
        lambda: {channel.name: channel.sending for channel in configured},
        labels=["channel"],
    )
    metrics.gauge(
        "hyred_push_outcomes_waiting",
        "Outcomes that wait to be written to the database.",
        lambda: settling.waiting_count,
    )
