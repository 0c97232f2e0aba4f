"""What a push is, and the one small interface of every way to send it."""

from dataclasses import dataclass
from typing import Protocol

# What every push has in its data, and what is left of it when the host's is too much for a provider.
BASIC_DATA = ("type", "notificationId", "badge")


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """A device to send to. `p256dh` and `auth` are the keys of a browser's subscription, or None."""

    id: str
    token: str
    platform: str
    p256dh: str | None
    auth: str | None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """What one device is sent.

    Attributes:
        collapse_key: a push takes the place of the one before with the same key. 32 hexadecimal digits.
        data: for the program; every value is text.
        badge: how many messages are unread in all.
        withdraws: nothing is shown: what is there with this key is taken away.
        is_silent: it takes the place of what is shown, and alerts nobody.
        ttl_seconds: how long the provider keeps it for a device that is off.
    """

    collapse_key: str
    title: str
    body: str
    data: dict[str, str]
    badge: int
    is_urgent: bool
    withdraws: bool
    ttl_seconds: int
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it."""


@dataclass(frozen=True, slots=True)
class Unregistered:
    """The provider does not know the device any more: it is to be forgotten."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider will not take this push, now or later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """The provider could not take it. `after_seconds` is how long it asked to be left alone, or None."""

    reason: str
    after_seconds: float | None = None


Outcome = Accepted | Unregistered | Rejected | Postponed


class Channel(Protocol):
    """A way to send pushes to some devices."""

    name: str

    async def send(self, device: DeviceAddress, push: Push) -> Outcome:
        """Send once. Raises nothing: whatever goes wrong is an outcome."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels that are configured. Without FCM, or without Web Push, their devices are passed over."""

    fcm: Channel | None = None
    web_push: Channel | None = None

    def find(self, device: DeviceAddress) -> Channel | None:
        """The one that reaches a device."""
        return self.fcm if device.p256dh is None else self.web_push

    @property
    def configured(self) -> tuple[Channel, ...]:
        """Those there are."""
        return tuple(channel for channel in (self.fcm, self.web_push) if channel is not None)

    async def close(self) -> None:
        """Close them all."""
        for channel in self.configured:
            await channel.close()
