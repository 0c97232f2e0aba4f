"""A way to PostgreSQL on which answers can be lost: what was asked is done, and whoever asked never hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

CHUNK_BYTES = 65_536


class LossyProxy:
    """Passes connections on to PostgreSQL's Unix socket.

    Attributes:
        url: what to connect to instead of PostgreSQL.
    """

    def __init__(self, socket_path: Path) -> None:
        self.url = ""
        self._socket_path = socket_path
        self._is_losing = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._passes: set[asyncio.Task[None]] = set()

    def lose_answers(self) -> None:
        """From now on nothing comes back."""
        self._is_losing = True

    def cut(self) -> None:
        """Break all connections; new ones work again."""
        self._is_losing = False
        for writer in self._writers:
            writer.close()

    async def close(self) -> None:
        self.cut()
        await asyncio.gather(*self._passes)

    def accept(self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(client_reader, client_writer))
        self._passes.add(task)
        task.add_done_callback(self._passes.discard)

    async def _serve(self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        reader, writer = await asyncio.open_unix_connection(self._socket_path)
        self._writers |= {client_writer, writer}
        try:
            await asyncio.gather(
                self._pass_on(client_reader, writer, is_answer=False),
                self._pass_on(reader, client_writer, is_answer=True),
            )
        finally:
            self._writers -= {client_writer, writer}

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                if not (is_answer and self._is_losing):
                    writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def lossy_proxy(socket_path: Path, database: str) -> AsyncIterator[LossyProxy]:
    """One that leads to a database."""
    proxy = LossyProxy(socket_path)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        proxy.url = f"postgresql://postgres@127.0.0.1:{port}/{database}?sslmode=disable"
        yield proxy
        await proxy.close()
