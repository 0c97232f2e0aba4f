"""The head of a request, before anything else of it is read."""

from collections.abc import Iterable
from dataclasses import dataclass

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request.

    Attributes:
        method: `GET`, `POST` …
        target: what is asked for, as it came: path and query.
        headers: names in lower case.
    """

    method: bytes
    target: bytes
    headers: Headers

    @property
    def path(self) -> bytes:
        """The path as it came, without the query."""
        return self.target.partition(b"?")[0]

    @property
    def query(self) -> bytes:
        """The query as it came."""
        return self.target.partition(b"?")[2]

    def get(self, name: str) -> str | None:
        """The value of the first header of this name."""
        return next((value.decode("latin-1") for value in self.values(name.lower().encode())), None)

    def values(self, name: bytes) -> list[bytes]:
        """The values of all headers of this name."""
        return [value for found, value in self.headers if found == name]
