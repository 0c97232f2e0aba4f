"""The environment variables that settings are read from, and the error that names one."""

PREFIX = "HYRED_"
# Hosting platforms set these two; with the prefix they are read as well.
_PLAIN = frozenset({"host", "port"})


class ConfigurationError(Exception):
    """A setting that the server cannot start with.

    Attributes:
        variable: the environment variable to change.
        sentence: what it should be, in one line. Holds no secret.
    """

    def __init__(self, variable: str, sentence: str) -> None:
        super().__init__(f"{variable}: {sentence}")
        self.variable = variable
        self.sentence = sentence


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return name.upper() if name in _PLAIN else f"{PREFIX}{name.upper()}"
