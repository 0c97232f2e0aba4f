"""Devices of people, and the providers that reach them."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from hyred_chat.push.vapid import VapidKey
from tests.acceptance.people import Chat, Person
from tests.looking import look_until
from tests.providers.fcm import FakeFcm, FcmPush
from tests.providers.web_push import Browser, FakePushService, WebPushArrival

PATIENCE_SECONDS = 15.0

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Providers:
    """Both providers."""

    fcm: FakeFcm
    push_service: FakePushService
    account: Path
    private_key: str

    @property
    def web_key(self) -> str:
        """The public key that browsers subscribe with."""
        return VapidKey(self.private_key, "mailto:test@mail.example").public_key

    @property
    def settings(self) -> dict[str, str]:
        """Of a server that pushes by both."""
        return {
            "HYRED_FCM_SERVICE_ACCOUNT": str(self.account),
            "HYRED_FCM_URL": self.fcm.url,
            "HYRED_VAPID_PRIVATE_KEY": self.private_key,
            "HYRED_VAPID_SUBJECT": "mailto:test@mail.example",
            "HYRED_WEB_PUSH_HOSTS": self.push_service.host,
            "HYRED_PUSH_LEASE_SECONDS": "2",
        }


async def register(person: Person, token: str, **fields: Any) -> str:
    """Register a device; its id."""
    body = {"platform": "android", **fields}
    device_id: str = (await person.put(f"/api/push/devices/{quote(token, safe='')}", body)).data["id"]
    return device_id


class Phone:
    """A device that FCM reaches."""

    def __init__(self, fcm: FakeFcm) -> None:
        self.token = f"phone-token-{next(_numbers)}"
        self.device_id = ""
        self._fcm = fcm

    async def sign_in(self, person: Person, **fields: Any) -> None:
        self.device_id = await register(person, self.token, **fields)

    async def sign_out(self, person: Person) -> None:
        assert (await person.request("DELETE", f"/api/push/devices/{self.token}")).data == {"removed": True}

    @property
    def pushes(self) -> list[FcmPush]:
        """All that came."""
        return self._fcm.pushes.matching(lambda push: push.token == self.token)

    async def wait_for(self, count: int = 1) -> FcmPush:
        """The latest, once there are so many."""
        return (await self._fcm.pushes.wait_for(lambda push: push.token == self.token, count=count))[-1]


class BrowserOf:
    """A browser of somebody's that Web Push reaches."""

    def __init__(self, service: FakePushService, web_key: str) -> None:
        self._service = service
        self._browser: Browser = service.subscribe(web_key)
        self.endpoint = self._browser.endpoint
        self.subscription = self._browser.subscription()

    async def sign_in(self, person: Person) -> None:
        await register(person, self.endpoint, platform="web", subscription=self.subscription)

    @property
    def pushes(self) -> list[WebPushArrival]:
        return self._service.pushes.matching(lambda push: push.endpoint == self.endpoint)

    async def wait_for(self, count: int = 1) -> WebPushArrival:
        return (await self._service.pushes.wait_for(lambda push: push.endpoint == self.endpoint, count=count))[-1]


async def wait_for_state(chat: Chat, person: Person, state: str, reason: str | None = None) -> dict[str, Any]:
    """Wait until a notification of somebody's is in a state (and for a reason), and nobody looks at it: its row."""

    async def find() -> asyncpg.Record | None:
        return await chat.database.fetchrow(
            "SELECT * FROM notifications WHERE user_id = $1 AND state = $2 AND lease IS NULL"
            " AND ($3::text IS NULL OR reason = $3)",
            person.id,
            state,
            reason,
        )

    return dict(await look_until(find, seconds=PATIENCE_SECONDS))
