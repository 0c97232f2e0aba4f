"""Metrics of files."""

from hyred_chat.files.examination import Examination
from hyred_chat.files.serving import Serving
from hyred_chat.files.uploads import Uploads
from hyred_chat.metrics.registry import Metrics


def describe_files(metrics: Metrics, uploads: Uploads, examination: Examination, serving: Serving) -> None:
    """Add them."""
    metrics.counter(
        "hyred_file_bytes_total",
        "Bytes of files that this process has taken, and given.",
        lambda: {"received": uploads.received_bytes, "sent": serving.sent_bytes},
        labels=["direction"],
    )
    metrics.gauge("hyred_file_uploads", "Requests that bring parts of files right now.", lambda: uploads.under_way)
    metrics.counter(
        "hyred_files_examined_total",
        "Files that this process has examined, by how they came out.",
        lambda: examination.outcomes,
        labels=["outcome"],
    )
    metrics.histogram(
        "hyred_file_examination_seconds",
        "Time to examine a file, from the moment at which this process took it up.",
        examination.seconds,
    )
