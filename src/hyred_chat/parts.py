"""What a noun brings to the service: its routes, its events, its work in the background, and how it ends.

Each noun has a `part.py` with a subclass of `Part`, which makes the noun's services from what they need. `app.py` lists
the parts, one line each. So a new noun is one folder and one line.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from re import Pattern
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter, FastAPI

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.metrics.registry import Metrics
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.realtime.slices import Slices
from hyred_chat.tracing import Tracing

logger = logging.getLogger(__name__)


class Background(Protocol):
    """Something that works until it is cancelled."""

    async def run(self) -> Any:
        """Work."""


@dataclass(frozen=True, slots=True)
class Foundation:
    """What the parts stand on.

    Attributes:
        hub: the sockets of this process.
        slices: hands out what is for many.
        nodes: what other nodes are told; None where there is no broker.
    """

    settings: Settings
    database: Database
    hub: Hub
    slices: Slices
    nodes: Nodes | None = None


class Part:
    """What one noun brings. A subclass overrides what it has; what it does not have is empty.

    Attributes:
        routers: its REST endpoints.
        larger_bodies: by path prefix, how many bytes a request's body may have where that is more than elsewhere.
        streamed_paths: of requests whose bodies it takes in parts, within a bound of its own.
        exposed_headers: of its answers, those that pages of other origins may read.
        background: its work in the background. None of it ends by itself.
    """

    routers: Sequence[APIRouter] = ()
    larger_bodies: Mapping[str, int] = MappingProxyType({})
    streamed_paths: Sequence[Pattern[str]] = ()
    exposed_headers: Sequence[str] = ()
    background: Sequence[Background] = ()

    def services(self) -> Mapping[str, object]:
        """What its endpoints find in `request.app.state`, by name."""
        return {}

    def register(self, gateway: Gateway) -> None:
        """Answer its socket events."""

    def measure(self, metrics: Metrics) -> None:
        """Add its metrics, which `docs/metrics.md` lists."""

    def trace(self, tracing: Tracing) -> None:
        """Have spans recorded of what it does. Called where traces are wanted."""

    def serve(self, api: FastAPI) -> None:
        """Answer its REST requests."""
        for name, service in self.services().items():
            setattr(api.state, name, service)
        for router in self.routers:
            api.include_router(router)

    async def drain(self) -> None:
        """Finish what was taken. The caller bounds the time; all parts drain at once.

        Raises:
            UnavailableError: the database cannot be reached.
        """

    def silence(self) -> None:
        """Say nothing more by itself: the clients are about to be sent away."""

    async def say_last_words(self) -> None:
        """Write down what others are to know, after the work in the background has ended. The caller bounds the time.

        Raises:
            UnavailableError: the database cannot be reached.
        """

    async def close(self) -> None:
        """Let go of everything."""


AnyPart = TypeVar("AnyPart", bound=Part)


class Parts:
    """The parts of a process, in the order in which they depend on one another.

    Args:
        background: work in the background that belongs to no part.
    """

    def __init__(self, *background: Background) -> None:
        self._background = background
        self._parts: list[Part] = []

    def add(self, part: AnyPart) -> AnyPart:
        """Take one more part in; returns it."""
        self._parts.append(part)
        return part

    def get(self, kind: type[AnyPart]) -> AnyPart:
        """The part of this kind. Raises `LookupError` when there is none."""
        for part in self._parts:
            if isinstance(part, kind):
                return part
        raise LookupError(f"there is no {kind.__name__}")

    @property
    def larger_bodies(self) -> dict[str, int]:
        """By path prefix, the bodies that may be larger than others."""
        return {prefix: size for part in self._parts for prefix, size in part.larger_bodies.items()}

    @property
    def exposed_headers(self) -> list[str]:
        """Of answers, the headers that pages of other origins may read."""
        return [name for part in self._parts for name in part.exposed_headers]

    @property
    def streamed_paths(self) -> list[Pattern[str]]:
        """The paths of requests whose bodies are taken in parts."""
        return [path for part in self._parts for path in part.streamed_paths]

    def serve(self, api: FastAPI) -> None:
        """Answer REST requests."""
        for part in self._parts:
            part.serve(api)

    def register(self, gateway: Gateway) -> None:
        """Answer socket events."""
        for part in self._parts:
            part.register(gateway)

    def measure(self, metrics: Metrics) -> None:
        """Add the metrics of all of them."""
        for part in self._parts:
            part.measure(metrics)

    def trace(self, tracing: Tracing) -> None:
        """Have spans recorded of what they do."""
        for part in self._parts:
            part.trace(tracing)

    def start(self, on_end: Callable[[asyncio.Task[Any]], None]) -> list[asyncio.Task[Any]]:
        """Start the work in the background.

        Args:
            on_end: called with each task that ends.
        """
        background = chain(self._background, *(part.background for part in self._parts))
        tasks = [asyncio.create_task(each.run()) for each in background]
        for task in tasks:
            task.add_done_callback(on_end)
        return tasks

    async def drain(self) -> None:
        """Finish what was taken. A part that cannot keeps no other one from it."""
        for outcome in await asyncio.gather(*(part.drain() for part in self._parts), return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, UnavailableError):
                logger.error("Not everything could be finished", exc_info=outcome)

    def silence(self) -> None:
        """Say nothing more by itself."""
        for part in self._parts:
            part.silence()

    async def say_last_words(self) -> None:
        """Write down what others are to know."""
        for part in self._parts:
            await part.say_last_words()

    async def close(self) -> None:
        """Let go of everything, in the reverse order."""
        for part in reversed(self._parts):
            await part.close()
