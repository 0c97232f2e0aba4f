"""The issuer's key set as it is kept here: cached, rotated, refreshed in the background, good for a day without it."""

import asyncio
import logging
import math
import time
from collections.abc import Callable

import httpx
import jwt

from hyred_chat.accounts.public_keys import KeySetError, PublicKeys, download_keys
from hyred_chat.errors import UnavailableError

logger = logging.getLogger(__name__)

_MIN_FRESH_SECONDS = 30.0  # an issuer that says "do not cache" is still not asked for every token
_RETRY_SECONDS = 10.0  # after a failed download
_UNKNOWN_KEY_SECONDS = 30.0  # forged key ids cannot make us hammer the issuer
_MAX_STALE_SECONDS = 86_400.0


class KeySet:
    """The public keys at `url`, downloaded by one download at a time.

    They are fresh for as long as the answer's Cache-Control says, at most `cache_seconds`. Then they are downloaded
    again in the background: nobody whose key is here waits for that. While the issuer does not answer, the last keys go
    on for 24 h. A key id that is not among them is taken for a rotation: whoever names it waits for a download, of
    which there is at most one in 30 s.
    """

    def __init__(
        self,
        url: str,
        *,
        cache_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._client = httpx.AsyncClient()
        self._cache_seconds = cache_seconds
        self._clock = clock
        self._keys: tuple[jwt.PyJWK, ...] = ()
        self._is_failing = False
        self._due_at = -math.inf
        self._keys_end_at = -math.inf
        self._unknown_key_due_at = -math.inf
        self._download: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def find_key(self, key_id: str | None) -> jwt.PyJWK | None:
        """The key that a token names, or None when the issuer has no such key.

        A token that names none means the only key (OpenID Connect Core 1.0, 10.1).

        Raises:
            UnavailableError: there may be such a key, but the issuer does not answer.
        """
        key = self._pick(key_id)
        if key is not None:
            if self._is_due():
                self._start_download()
            return key
        if self._download is not None or self._is_due() or self._may_look_for_unknown_key():
            # Whoever started it may go away; the others still wait for it.
            await asyncio.shield(self._start_download())
        key = self._pick(key_id)
        if key is None and self._is_failing:
            raise UnavailableError
        return key

    async def close(self) -> None:
        """End a download under way, and the connections to the issuer."""
        if self._timer is not None:
            self._timer.cancel()
        if self._download is not None:
            self._download.cancel()
            await asyncio.gather(self._download, return_exceptions=True)
        await self._client.aclose()

    def _pick(self, key_id: str | None) -> jwt.PyJWK | None:
        if self._clock() >= self._keys_end_at:
            return None
        if key_id is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.key_id == key_id), None)

    def _is_due(self) -> bool:
        return self._clock() >= self._due_at

    def _may_look_for_unknown_key(self) -> bool:
        if self._clock() < self._unknown_key_due_at:
            return False
        self._unknown_key_due_at = self._clock() + _UNKNOWN_KEY_SECONDS
        return True

    def _start_download(self) -> asyncio.Task[None]:
        if self._download is None:
            self._download = asyncio.create_task(self._download_once(), name="key-set-download")
        return self._download

    async def _download_once(self) -> None:
        try:
            self._keep(await download_keys(self._client, self._url))
        except Exception as error:
            self._is_failing = True
            if self._is_due():  # looking for an unknown key is nothing that the others' next download depends on
                self._set_due(_RETRY_SECONDS)
            if isinstance(error, KeySetError):
                logger.warning("The key set was not refreshed: %s.", error)
            else:
                logger.exception("The key set was not refreshed")
        finally:
            self._download = None

    def _keep(self, downloaded: PublicKeys) -> None:
        max_age_seconds = downloaded.max_age_seconds
        fresh_seconds = self._cache_seconds if max_age_seconds is None else min(max_age_seconds, self._cache_seconds)
        self._keys = downloaded.keys
        self._is_failing = False
        self._keys_end_at = self._clock() + max(fresh_seconds, _MAX_STALE_SECONDS)
        self._set_due(max(fresh_seconds, _MIN_FRESH_SECONDS))

    def _set_due(self, seconds: float) -> None:
        """Download again after a while, also when nobody asks: a key that was withdrawn must not wait for that."""
        self._due_at = self._clock() + seconds
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._start_download)
