"""Whether this Python is a fast one."""

from hyred_chat.doctor.findings import Finding, ok, warning
from hyred_chat.python_build import describe_build, is_optimised

SUBJECT = "python"


def check_python() -> Finding:
    """What build of Python this is."""
    if is_optimised():
        return ok(SUBJECT, f"Python {describe_build()}.")
    return warning(
        SUBJECT,
        f"Python {describe_build()}: the server's code takes 1.5 to 2 times as long as with a build that is configured "
        "with --enable-optimizations, as distributions' are.",
    )
