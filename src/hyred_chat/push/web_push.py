"""Web Push (RFC 8030): browsers that subscribed with this server's own key."""

from urllib.parse import urlsplit

import orjson

from hyred_chat.push.channels import BASIC_DATA, Accepted, DeviceAddress, Outcome, Push, Rejected, Unregistered
from hyred_chat.push.encryption import MAX_PLAINTEXT_BYTES, encrypt
from hyred_chat.push.provider_http import NoAnswerError, ProviderHttp
from hyred_chat.push.vapid import VapidKey, from_base64url
from hyred_chat.text.previews import cut

# The subscription has ended, or never was.
GONE = frozenset({404, 410})
CUT_CHARS = 200


class WebPush:
    """All push services: each subscription says where it is."""

    name = "web_push"

    def __init__(self, key: VapidKey, *, timeout_seconds: float, connections: int) -> None:
        self._http = ProviderHttp(timeout_seconds=timeout_seconds, connections=connections)
        self._key = key

    async def send(self, device: DeviceAddress, push: Push) -> Outcome:
        """Send once."""
        parts = urlsplit(device.token)
        headers = {
            "Authorization": self._key.authorization(f"{parts.scheme}://{parts.netloc}"),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(push.ttl_seconds),
            "Topic": push.collapse_key,
            "Urgency": "high" if push.is_urgent else "normal",
        }
        try:
            answer = await self._http.post(device.token, _encrypted(device, push), headers)
        except NoAnswerError as error:
            return error.postponed
        except ValueError:
            return Unregistered("bad_keys")
        if answer.is_success:
            return Accepted()
        if answer.status in GONE:
            return Unregistered(f"http_{answer.status}")
        return answer.postponed() if answer.should_retry else Rejected(f"http_{answer.status}")

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()


def payload_of(push: Push) -> bytes:
    """What the service worker gets: its fields as JSON, cut to what fits."""
    fields = {
        "collapseKey": push.collapse_key,
        "title": push.title,
        "body": push.body,
        "badge": push.badge,
        "withdrawn": push.withdraws,
        "silent": push.is_silent,
        "data": push.data,
    }
    payload = orjson.dumps(fields)
    if len(payload) <= MAX_PLAINTEXT_BYTES:
        return payload
    # The host's data is too much beside the text: the page reads it from the list.
    kept = {name: push.data[name] for name in BASIC_DATA}
    return orjson.dumps(fields | {"title": cut(push.title, CUT_CHARS), "body": cut(push.body, CUT_CHARS), "data": kept})


def _encrypted(device: DeviceAddress, push: Push) -> bytes:
    return encrypt(
        payload_of(push), receiver_key=from_base64url(device.p256dh or ""), secret=from_base64url(device.auth or "")
    )
