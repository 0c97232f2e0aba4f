"""The rules of devices: a token belongs to one person, and browsers' pushes go to push services only."""

from urllib.parse import urlsplit

from hyred_chat.db.pool import Connection, Database
from hyred_chat.devices import repository
from hyred_chat.devices.schemas import Device, DeviceFields
from hyred_chat.errors import BadRequestError
from hyred_chat.ids import new_id


class Devices:
    """Registered devices.

    Args:
        web_push_hosts: the hosts that a browser's subscription may name, or whose subdomains it may. The server sends
            requests there: any other address could be one inside the operator's network.
        web_key: the public key of Web Push, or None.
    """

    def __init__(self, database: Database, *, web_push_hosts: tuple[str, ...], web_key: str | None) -> None:
        self._database = database
        self._hosts = web_push_hosts
        self.web_key = web_key

    async def register(self, user_id: str, token: str, device: DeviceFields) -> Device:
        """Have `user_id` reached at this token, and nobody else. One transaction.

        Raises:
            BadRequestError: a subscription of something that is no browser, or to no push service that we know.
        """
        if device.subscription is not None:
            self._check_subscription(token, device)
        async with self._database.transaction(f"user {user_id}") as connection:
            await repository.lock_devices(connection, token, user_id)
            device_id = await repository.save_device(connection, new_id(), token, user_id, device)
        return Device(
            id=device_id,
            platform=device.platform,
            app_version=device.app_version,
            locale=device.locale,
            time_zone=device.time_zone,
        )

    async def remove(self, user_id: str, token: str) -> bool:
        """Reach `user_id` at this token no more; whether they were."""
        async with self._database.connection(writes=f"user {user_id}") as connection:
            return await repository.remove_device(connection, token, user_id)

    async def remove_all(self, connection: Connection, user_id: str) -> None:
        """Reach `user_id` at no device any more, from the caller's commit on. The caller has locked the person."""
        await repository.remove_devices(connection, user_id)

    def _check_subscription(self, token: str, device: DeviceFields) -> None:
        if device.platform != "web":
            raise BadRequestError("subscription: is of browsers only, whose platform is web.")
        if self.web_key is None:
            raise BadRequestError("subscription: this server sends no Web Push.")
        if not self._is_push_service(token):
            raise BadRequestError("token: must be the endpoint of the subscription, at a push service known here.")

    def _is_push_service(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if "@" in parts.netloc:
            return False
        # A host that is named with its port, as tests do, may be plain HTTP on that port.
        if port is not None:
            return parts.scheme in {"http", "https"} and f"{host}:{port}" in self._hosts
        return parts.scheme == "https" and any(host == known or host.endswith(f".{known}") for known in self._hosts)
