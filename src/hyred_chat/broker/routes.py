"""Which link leads to which server of Redis, and which of them a channel is on. Servers come, go and change places."""

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress

from hyred_chat.broker.address import Endpoint
from hyred_chat.broker.cancellation import heeded_cancellation
from hyred_chat.broker.deployments import LIBRARY_ERRORS, TIMEOUT_SECONDS, Deployment, Placement
from hyred_chat.broker.link import Counters, Link, Owner
from hyred_chat.broker.partitions import PARTITIONS, Names, partition_of_name

# How soon the places of servers are asked for again, when something suggests that they have changed.
LEAST_LOCATION_SECONDS = 0.25

logger = logging.getLogger(__name__)


class Routes:
    """A link to each server that has partitions, as the deployment says where these are.

    Args:
        placement: where they are now, or may be.
        owner: hears from the links.
        probe_name: of this process: each link has a channel of that name.
    """

    def __init__(
        self,
        deployment: Deployment,
        placement: Placement,
        *,
        owner: Owner,
        names: Names,
        counters: Counters,
        probe_name: str,
    ) -> None:
        self._deployment = deployment
        self._owner = owner
        self._names = names
        self._counters = counters
        self._probe_name = probe_name
        self._links: dict[Endpoint, Link] = {}
        self._by_partition: list[Link] = []
        self._only: Link | None = None
        self._tasks: dict[Link, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._location_requested = asyncio.Event()
        self._place(placement)

    @property
    def links(self) -> Collection[Link]:
        """All links."""
        return self._links.values()

    @property
    def endpoints(self) -> Collection[Endpoint]:
        """The servers to which they lead."""
        return self._links.keys()

    def link_of(self, name: bytes) -> Link:
        """The link to the server of a channel."""
        return self._only or self._by_partition[partition_of_name(name)]

    def request_location(self) -> None:
        """The servers may have changed their places: ask soon."""
        self._location_requested.set()

    async def run(self) -> None:
        """Keep all links, and ask where the servers are, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for link in self._links.values():
                    self._start(link)
                group.create_task(self._keep_located())
        finally:
            self._group = None
            self._tasks.clear()

    def _start(self, link: Link) -> None:
        if self._group is not None:
            self._tasks[link] = self._group.create_task(link.run())

    async def _keep_located(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._deployment.relocation_seconds):
                    await self._location_requested.wait()
            self._location_requested.clear()
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    with heeded_cancellation():
                        placement = await self._deployment.locate()
            except LIBRARY_ERRORS as error:
                logger.debug("the servers of Redis could not be found: %s", error)
                self.request_location()
            except Exception:
                logger.exception("the servers of Redis could not be found")
                self.request_location()
            else:
                self._place(placement)
            await asyncio.sleep(LEAST_LOCATION_SECONDS)

    def _place(self, placement: Placement) -> None:
        """Let links lead to these servers, and take along what was subscribed to and what waits."""
        if not placement:
            return
        for endpoint, partitions in placement.items():
            if endpoint not in self._links:
                self._links[endpoint] = self._new_link(endpoint, min(partitions))
                self._start(self._links[endpoint])
        before = self._by_partition
        homes = {partition: self._links[where] for where, partitions in placement.items() for partition in partitions}
        fallback = next(iter(homes.values()))
        self._by_partition = [
            homes.get(partition, before[partition] if before else fallback) for partition in range(PARTITIONS)
        ]
        for endpoint, link in list(self._links.items()):
            if link not in self._by_partition:
                self._remove(endpoint, link)
        self._only = self._by_partition[0] if len(self._links) == 1 else None
        for endpoint, link in self._links.items():
            self._move_strangers(link, placement.get(endpoint))
        for link in self._links.values():
            link.settle()

    def _move_strangers(self, link: Link, partitions: frozenset[int] | None) -> None:
        """Let channels that a link no longer serves be subscribed to where they are served."""
        strangers: dict[Link, list[str]] = {}
        for channel in link.channels():
            home = self.link_of(channel.encode())
            if home is not link:
                strangers.setdefault(home, []).append(channel)
        for home, channels in strangers.items():
            for channel in channels:
                link.unsubscribe(channel)
            home.adopt(channels)
        if partitions and partition_of_name(link.probe_channel.encode()) not in partitions:
            link.move_probe(self._probe_channel(min(partitions)))

    def _remove(self, endpoint: Endpoint, link: Link) -> None:
        del self._links[endpoint]
        if (task := self._tasks.pop(link, None)) is not None:
            task.cancel()
        for command, droppable in link.queue.take_all():
            self._by_partition[partition_of_name(command)].enqueue(command, droppable)
        self._only = None
        self._move_strangers(link, None)

    def _new_link(self, endpoint: Endpoint, partition: int) -> Link:
        return Link(
            endpoint,
            owner=self._owner,
            new_connection=self._deployment.new_connection,
            counters=self._counters,
            probe_channel=self._probe_channel(partition),
            is_sharded=self._deployment.is_sharded,
        )

    def _probe_channel(self, partition: int) -> str:
        return self._names.name_in(partition, "probe", self._probe_name)
