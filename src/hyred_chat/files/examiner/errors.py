"""Why a file is refused."""


class RefusedError(Exception):
    """The file cannot be sent.

    Attributes:
        reason: `broken`, or `too_complex`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
