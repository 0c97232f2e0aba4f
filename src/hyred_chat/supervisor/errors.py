"""What can go wrong with several processes."""


class StartError(Exception):
    """A process ended before it had served."""

    def __init__(self) -> None:
        super().__init__("A server process could not start. What it wrote above says why.")
