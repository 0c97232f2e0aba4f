"""A way to PostgreSQL, Redis or the chat, on which things are late or lost, and nobody hears of it in time."""

import asyncio
import random
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import httpx

CHUNK_BYTES = 65_536
# How often a balancer asks whether servers are ready.
CHECK_SECONDS = 0.05
BEGINNING_BYTES = 4096

Opener: TypeAlias = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class FaultyProxy:
    """Passes connections on.

    Args:
        open_connection: to where they lead.
        jitter_seconds: how late each question and each answer may be: what is done first is then often heard of last.

    Attributes:
        url: what to connect to instead.
        delay_seconds: how late everything is, both ways.
    """

    def __init__(self, open_connection: Opener, jitter_seconds: float) -> None:
        self.url = ""
        self.delay_seconds = 0.0
        self._open_connection = open_connection
        self._jitter_seconds = jitter_seconds
        self._random = random.Random(1)  # noqa: S311  # the same delays every time
        self._is_losing = False
        self._last_heard: bytes | None = None
        self._unheard: bytes | None = None
        self._unbearable: bytes | None = None
        self._beginnings: dict[asyncio.StreamWriter, bytes] = {}
        self._is_refusing = False
        self._refused = 0
        self._refusal = asyncio.Event()
        self._passable = asyncio.Event()
        self._passable.set()
        self._silent: set[asyncio.StreamWriter] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._passes: set[asyncio.Task[None]] = set()

    def lose_answers(self) -> None:
        """From now on nothing comes back."""
        self._is_losing = True

    def lose_answers_from(self, statement: bytes) -> None:
        """From the moment when somebody asks this, nothing comes back."""
        self._last_heard = statement

    def lose_answers_to(self, words: bytes) -> None:
        """From now on nothing comes back on connections whose first questions had this in them. Others work."""
        self._unheard = words

    def break_on_answer(self, words: bytes) -> None:
        """Break the connection by which this is to come back next, with nothing of the HTTP answer that has it.

        Clients ask again by themselves only where no byte of an answer came. Other connections work.
        """
        self._unbearable = words

    def silence(self) -> None:
        """Nothing passes any more on the connections that are open now, and nobody is told. New ones work."""
        self._silent |= self._writers

    def pause(self) -> None:
        """Keep everything back, both ways, until `resume`."""
        self._passable.clear()

    def resume(self) -> None:
        """Let pass what was kept back, in order."""
        self._passable.set()

    def refuse(self) -> None:
        """Break all connections, and close new ones at once, until `cut`."""
        self.cut()
        self._is_refusing = True
        self._refused = 0

    async def wait_refused(self, times: int) -> None:
        """Wait until that many connections were refused since `refuse`."""
        while self._refused < times:
            self._refusal.clear()
            await self._refusal.wait()

    def cut(self) -> None:
        """Break all connections; new ones work again."""
        self._is_losing = False
        self._is_refusing = False
        self._last_heard = self._unheard = None
        for writer in self._writers:
            writer.close()

    def pass_on(self, data: bytes, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:  # noqa: ARG002
        """Write what came. Subclasses change it."""
        writer.write(data)

    async def close(self) -> None:
        """End all connections. Clients that come back until nobody listens any more are sent away."""
        self.cut()
        self.resume()
        self._is_refusing = True
        while self._passes:
            await asyncio.gather(*self._passes)

    def accept(self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(client_reader, client_writer))
        self._passes.add(task)
        task.add_done_callback(self._passes.discard)

    async def _serve(self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        if self._is_refusing:
            client_writer.close()
            self._refused += 1
            self._refusal.set()
            return
        try:
            reader, writer = await self._open_connection()
        except OSError:
            client_writer.close()
            return
        if self._is_refusing:
            client_writer.close()
            writer.close()
            return
        self._writers |= {client_writer, writer}
        try:
            await asyncio.gather(
                self._pass_on(client_reader, writer, is_answer=False, client=client_writer),
                self._pass_on(reader, client_writer, is_answer=True, client=client_writer),
            )
        finally:
            self._beginnings.pop(client_writer, None)
            self._writers -= {client_writer, writer}
            self._silent -= {client_writer, writer}

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_answer: bool,
        client: asyncio.StreamWriter,
    ) -> None:
        kept_back = b""
        try:
            while data := await reader.read(CHUNK_BYTES):
                if not is_answer:
                    self._listen(data, client)
                if self._jitter_seconds or self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds + self._random.uniform(0, self._jitter_seconds))
                await self._passable.wait()
                data, kept_back = kept_back + data, b""
                if is_answer and self._unbearable is not None:
                    if self._unbearable in data:
                        self._unbearable = None
                        return
                    if not _are_whole_answers(data):
                        kept_back = data
                        continue
                is_lost = writer in self._silent or (is_answer and self._is_lost(writer))
                if not is_lost and not writer.is_closing():
                    self.pass_on(data, writer, is_answer=is_answer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _listen(self, data: bytes, client: asyncio.StreamWriter) -> None:
        self._beginnings[client] = (self._beginnings.get(client, b"") + data)[:BEGINNING_BYTES]
        if self._last_heard is not None and self._last_heard in data:
            self._is_losing = True

    def _is_lost(self, client: asyncio.StreamWriter) -> bool:
        return self._is_losing or (self._unheard is not None and self._unheard in self._beginnings.get(client, b""))


def _are_whole_answers(data: bytes) -> bool:
    """Whether these are answers of HTTP with a `Content-Length`, the last of them to its end."""
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
        if length is None or len(data) < int(length[1]):
            return False
        data = data[int(length[1]) :]
    return True


@asynccontextmanager
async def lossy_proxy(database_url: str, *, jitter_seconds: float = 0) -> AsyncIterator[FaultyProxy]:
    """One that leads to a database on a Unix socket."""
    parts = urlsplit(database_url)
    where = parse_qs(parts.query)
    path = Path(where["host"][0]) / f".s.PGSQL.{where['port'][0]}"
    proxy = FaultyProxy(lambda: asyncio.open_unix_connection(path), jitter_seconds)
    async with listening(proxy) as port:
        proxy.url = f"postgresql://postgres@127.0.0.1:{port}{parts.path}?sslmode=disable"
        yield proxy


@asynccontextmanager
async def tunnel(server_url: str) -> AsyncIterator[FaultyProxy]:
    """One that leads to a chat server."""
    where = urlsplit(server_url)
    proxy = FaultyProxy(lambda: asyncio.open_connection(where.hostname, where.port), 0)
    async with listening(proxy) as port:
        proxy.url = f"http://127.0.0.1:{port}"
        yield proxy


@asynccontextmanager
async def balancer(*server_urls: str) -> AsyncIterator[FaultyProxy]:
    """One that leads to the first of these servers that says it is ready, as it was asked a moment ago."""
    ready = asyncio.Event()
    leads_to = server_urls[0]

    async def watch() -> None:
        nonlocal leads_to
        async with httpx.AsyncClient() as http:
            while True:
                for url in server_urls:
                    if await _is_ready(http, url):
                        leads_to = url
                        ready.set()
                        break
                await asyncio.sleep(CHECK_SECONDS)

    async def open_connection() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = urlsplit(leads_to)
        return await asyncio.open_connection(where.hostname, where.port)

    watching = asyncio.create_task(watch())
    proxy = FaultyProxy(open_connection, 0)
    try:
        await ready.wait()
        async with listening(proxy) as port:
            proxy.url = f"http://127.0.0.1:{port}"
            yield proxy
    finally:
        watching.cancel()


async def _is_ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/api/health/ready")).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def redis_proxy(port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[FaultyProxy]:
    """One that leads to a Redis, by TLS as far as to here if there is a context for it."""
    proxy = FaultyProxy(lambda: asyncio.open_connection("127.0.0.1", port), 0)
    async with listening(proxy, tls) as own_port:
        proxy.url = f"{'redis' if tls is None else 'rediss'}://127.0.0.1:{own_port}"
        yield proxy


@asynccontextmanager
async def listening(proxy: FaultyProxy, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Its port, while it takes connections."""
    async with await asyncio.start_server(proxy.accept, "127.0.0.1", 0, ssl=tls) as server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await proxy.close()
