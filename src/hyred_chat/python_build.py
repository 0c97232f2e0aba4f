"""Which build of Python this is: compiled with profile-guided optimisation, or without, which is about half as fast.

Run as a script it exits with 0 for an optimised build and with 1 for another. `scripts/find-python` does that, with any
Python that it finds, so nothing of ours or of others is imported here.
"""

import platform
import sys
import sysconfig

# Distributions optimise what they ship and do not always say so in the configuration (Debian, for one).
_PREFIX_OF_DISTRIBUTIONS = "/usr"


def is_optimised() -> bool:
    """Whether this Python was built with profile-guided optimisation."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return "--enable-optimizations" in arguments or sys.base_prefix == _PREFIX_OF_DISTRIBUTIONS


def describe_build() -> str:
    """Version and build, as in `3.11.2, optimised`."""
    return f"{platform.python_version()}, {'optimised' if is_optimised() else 'not optimised'}"


if __name__ == "__main__":
    sys.exit(not is_optimised())
