"""Somebody who reads over HTTP, one request after another, and how long each takes."""

from http.client import HTTPConnection
from time import perf_counter

from bench.order import BrokenPromiseError
from bench.servers import Person

WARM_UP = 5


class Reader:
    """One person with one HTTP connection that stays open."""

    def __init__(self, port: int, person: Person) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=15)
        self._headers = {"Authorization": f"Bearer {person.token}"}

    def get(self, path: str) -> bytes:
        """The body of an answer. Raises BrokenPromiseError when the status is not 200."""
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:  # noqa: PLR2004 - OK
            raise BrokenPromiseError(f"GET {path} answered {response.status}: {body[:200]!r}")
        return body

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def time_requests(reader: Reader, path: str, requests: int) -> list[float]:
    """Milliseconds of each request, after a few that do not count."""
    for _ in range(WARM_UP):
        reader.get(path)
    milliseconds = []
    for _ in range(requests):
        started_at = perf_counter()
        reader.get(path)
        milliseconds.append((perf_counter() - started_at) * 1000)
    return milliseconds
