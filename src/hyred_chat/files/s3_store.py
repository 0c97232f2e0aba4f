"""Files in a store that speaks S3. It needs the extra `hyred-chat[s3]`."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store as Bucket

from hyred_chat.errors import UnavailableError
from hyred_chat.files.stores import CHUNK_BYTES, Kept

# Of one request, its retries included.
_TIMEOUT: Final = timedelta(seconds=30)
_CONNECT_TIMEOUT: Final = timedelta(seconds=5)
_MAX_RETRIES: Final = 3
_LARGE_BYTES: Final = 8 * 2**20  # what is larger is sent in parts


class S3Store:
    """Objects in a bucket. Where it is and who we are is said by the usual variables: `AWS_ACCESS_KEY_ID` and others.

    Args:
        url: `s3://bucket/prefix`.
    """

    def __init__(self, url: str) -> None:
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        self._bucket = Bucket.from_url(
            url,
            client_options={
                "timeout": _TIMEOUT,
                "connect_timeout": _CONNECT_TIMEOUT,
                "allow_http": endpoint.startswith("http:"),  # whoever names such an address means it
            },
            retry_config={"max_retries": _MAX_RETRIES, "retry_timeout": _TIMEOUT},
        )

    async def put(self, file_id: str, name: str, data: bytes) -> None:
        """See `Store`."""
        async with _answering():
            await obstore.put_async(self._bucket, _path_of(file_id, name), data)

    async def put_file(self, file_id: str, name: str, path: Path) -> None:
        """See `Store`."""
        async with _answering():
            await obstore.put_async(self._bucket, _path_of(file_id, name), path, chunk_size=_LARGE_BYTES)

    async def read(self, file_id: str, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Store`."""
        async with _answering():
            answer = await obstore.get_async(self._bucket, _path_of(file_id, name), options={"range": (start, end)})
            left = end - start
            async for part in answer.stream(min_chunk_size=CHUNK_BYTES):
                left -= len(part)
                yield bytes(part)
            if left:
                raise FileNotFoundError(file_id)

    async def gather(self, file_id: str, parts: Sequence[tuple[str, int]], path: Path) -> None:
        """See `Store`."""
        with await asyncio.to_thread(path.open, "wb") as target:
            for name, size in parts:
                async for data in self.read(file_id, name, 0, size):
                    await asyncio.to_thread(target.write, data)

    async def delete(self, file_id: str, names: Collection[str] | None = None) -> None:
        """See `Store`."""
        if names is None:
            names = await self.list_names(file_id)
        if names:
            async with _answering():
                await obstore.delete_async(self._bucket, [_path_of(file_id, name) for name in names])

    async def free_bytes(self) -> int | None:
        """See `Store`."""
        return None

    async def list_ids(self) -> AsyncIterator[str]:
        """See `Store`."""
        for shard in await self._list_folders(None):
            for folder in await self._list_folders(f"{shard}/"):
                yield folder.rpartition("/")[2]

    async def list_names(self, file_id: str) -> dict[str, int]:
        """See `Store`."""
        prefix = _path_of(file_id, "")
        names: dict[str, int] = {}
        async with _answering():
            async for page in obstore.list(self._bucket, prefix):
                names |= {each["path"].rpartition("/")[2]: each["size"] for each in page}
        return names

    async def list_kept(self, file_id: str) -> list[Kept]:
        """See `Store`. Nothing is there that was not put whole."""
        now = datetime.now(UTC)
        kept = []
        async with _answering():
            async for page in obstore.list(self._bucket, _path_of(file_id, "")):
                for each in page:
                    age_seconds = (now - each["last_modified"]).total_seconds()
                    kept.append(Kept(each["path"].rpartition("/")[2], each["size"], age_seconds))
        return sorted(kept, key=lambda each: each.name)

    async def close(self) -> None:
        """See `Store`."""

    async def _list_folders(self, prefix: str | None) -> list[str]:
        async with _answering():
            found = await obstore.list_with_delimiter_async(self._bucket, prefix)
        return sorted(found["common_prefixes"])


def _path_of(file_id: str, name: str) -> str:
    if not file_id.replace("-", "").replace("_", "").isalnum():
        raise FileNotFoundError(file_id)
    return f"{file_id[-2:]}/{file_id}/{name}"


@asynccontextmanager
async def _answering() -> AsyncGenerator[None]:
    """Whatever the store says besides that there is no such object: it cannot be used now."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (TimeoutError, BaseError, OSError) as error:
        raise UnavailableError("Files cannot be stored right now. Please try again.") from error
