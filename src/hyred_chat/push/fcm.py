"""Firebase Cloud Messaging, HTTP v1: Android, iOS, and browsers that registered with Firebase."""

import time
from collections.abc import Mapping
from typing import Any

import orjson

from hyred_chat.push.channels import (
    BASIC_DATA,
    Accepted,
    DeviceAddress,
    Outcome,
    Postponed,
    Push,
    Rejected,
    Unregistered,
)
from hyred_chat.push.google_tokens import AccessTokens, ServiceAccount
from hyred_chat.push.provider_http import HttpAnswer, NoAnswerError, ProviderHttp, word_of
from hyred_chat.text.previews import cut

UNAUTHORIZED = 401
# A 401 that is not about our access token: FCM may not speak to Apple, or to a browser's service, for this project.
THIRD_PARTY = "third_party_auth_error"
# FCM takes 4,096 bytes of data and notification (https://firebase.google.com/docs/cloud-messaging/concept-options);
# what it adds for the way to the device has to fit, too.
MAX_CONTENT_BYTES = 3_500
CUT_CHARS = 200
# Names of data that FCM refuses a message for.
RESERVED = frozenset({"from", "message_type"})
RESERVED_PREFIXES = ("google", "gcm")
# https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode: the device is gone, or was never this project's.
GONE = frozenset({"unregistered", "sender_id_mismatch"})
# The account may not send, or there is no such project: nothing is wrong with the push, and the operator can mend it.
SETUP_STATUSES = frozenset({403, 404})


class Fcm:
    """One project.

    Args:
        url: where the service is; Google's own unless a test or a relay stands for it.
    """

    name = "fcm"

    def __init__(self, account: ServiceAccount, *, url: str, timeout_seconds: float, connections: int) -> None:
        self._http = ProviderHttp(timeout_seconds=timeout_seconds, connections=connections)
        self._tokens = AccessTokens(account, self._http)
        self._address = f"{url.rstrip('/')}/v1/projects/{account.project_id}/messages:send"

    async def send(self, device: DeviceAddress, push: Push) -> Outcome:
        """Send once."""
        return await self._post({"message": message_of(device, push)})

    async def probe(self) -> Outcome:
        """Ask whether a message would be taken, to a device that does not exist: nothing is sent.

        `Rejected` for the device's sake, or `Unregistered`, means that the project takes messages from this account.
        """
        return await self._post({"validate_only": True, "message": {"token": "hyred-chat-doctor"}})

    async def _post(self, request: dict[str, Any]) -> Outcome:
        try:
            token = await self._tokens.get()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            body = orjson.dumps(request)
            answer = await self._http.post(self._address, body, headers)
        except NoAnswerError as error:
            return error.postponed
        if answer.status == UNAUTHORIZED and error_code(answer.json()) != THIRD_PARTY:
            self._tokens.forget(token)
            return Postponed("unauthorized")
        return _outcome_of(answer)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()


def message_of(device: DeviceAddress, push: Push) -> dict[str, Any]:
    """The `Message` of the API. A withdrawal has data only, so that nothing is shown."""
    title, body, data = _content_of(push)
    message: dict[str, Any] = {
        "token": device.token,
        "data": data,
        "android": {
            "collapse_key": push.collapse_key,
            "priority": "HIGH" if push.is_urgent else "NORMAL",
            "ttl": f"{push.ttl_seconds}s",
        },
        "apns": _apns_of(push),
        "webpush": {
            "headers": {
                "TTL": str(push.ttl_seconds),
                "Topic": push.collapse_key,
                "Urgency": "high" if push.is_urgent else "normal",
            }
        },
    }
    if not push.withdraws:
        message["notification"] = {"title": title, "body": body}
        message["android"]["notification"] = {"tag": push.collapse_key, "notification_count": push.badge}
        message["webpush"]["notification"] = {"tag": push.collapse_key}
        if push.is_silent:
            message["android"]["notification"]["notification_priority"] = "PRIORITY_LOW"
            message["webpush"]["notification"]["silent"] = True
    return message


def _content_of(push: Push) -> tuple[str, str, dict[str, str]]:
    """Title, body and data, without what FCM refuses, and cut to what it takes: the app has the rest in the list."""
    data = {name: value for name, value in push.data.items() if not _is_reserved(name)}
    if len(orjson.dumps([push.title, push.body, data])) <= MAX_CONTENT_BYTES:
        return push.title, push.body, data
    return (
        cut(push.title, CUT_CHARS),
        cut(push.body, CUT_CHARS),
        {name: data[name] for name in BASIC_DATA if name in data},
    )


def _is_reserved(name: str) -> bool:
    return name in RESERVED or name.startswith(RESERVED_PREFIXES)


def _apns_of(push: Push) -> dict[str, Any]:
    # A withdrawal is a background push: `content-available` alone, with priority 5 (Apple, "Pushing background updates
    # to your App"). The number on the icon comes with the next alert, or from the app, which has it in the data.
    aps: dict[str, Any] = {"content-available": 1}
    if not push.withdraws:
        aps = {"badge": push.badge, "thread-id": push.collapse_key}
        aps |= {"interruption-level": "passive"} if push.is_silent else {"sound": "default"}
    headers = {
        "apns-collapse-id": push.collapse_key,
        "apns-expiration": str(int(time.time()) + push.ttl_seconds),
        "apns-priority": "5" if push.withdraws else "10",
        "apns-push-type": "background" if push.withdraws else "alert",
    }
    return {"headers": headers, "payload": {"aps": aps}}


def _outcome_of(answer: HttpAnswer) -> Outcome:
    fields = answer.json()
    if answer.is_success:
        return Accepted() if isinstance(fields, dict) and "name" in fields else Postponed("garbage")
    code = error_code(fields)
    if code in GONE:
        return Unregistered(code)
    if answer.should_retry:
        return answer.postponed()
    if code == THIRD_PARTY or answer.status in SETUP_STATUSES:
        return Postponed(code or f"http_{answer.status}")
    return Rejected(code or f"http_{answer.status}")


def error_code(fields: object) -> str:
    """FCM's own code in the details of an answer, else the status of Google's error model; empty without either."""
    error = fields.get("error") if isinstance(fields, Mapping) else None
    if not isinstance(error, Mapping):
        return ""
    details = error.get("details")
    codes = [
        word_of(detail.get("errorCode"))
        for detail in (details if isinstance(details, list) else ())
        if isinstance(detail, Mapping)
    ]
    return next(filter(None, codes), word_of(error.get("status")))
