"""Metrics of the process itself: its version, memory, descriptors, processor time and garbage collector."""

import platform

from prometheus_client import GCCollector, ProcessCollector

from hyred_chat import __version__
from hyred_chat.metrics.registry import Metrics


def describe_process(metrics: Metrics) -> None:
    """Add them. Those of prometheus_client keep its names: `process_…` (on Linux only) and `python_gc_…`."""
    metrics.gauge(
        "hyred_build_info",
        "The version of the server and of Python. Always 1.",
        lambda: {(__version__, platform.python_version()): 1.0},
        labels=("version", "python"),
    )
    ProcessCollector(registry=metrics.registry)
    GCCollector(registry=metrics.registry)
