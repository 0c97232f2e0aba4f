"""Firebase Cloud Messaging, HTTP v1: Android, iOS, and browsers that registered with Firebase."""

import time
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
from hyred_chat.push.provider_http import HttpAnswer, NoAnswerError, ProviderHttp
from hyred_chat.text.previews import cut

UNAUTHORIZED = 401
# A 401 that is not about our access token: FCM may not speak to Apple, or to a browser's service, for this project.
THIRD_PARTY = "THIRD_PARTY_AUTH_ERROR"
# FCM takes 4,096 bytes of data and notification (https://firebase.google.com/docs/cloud-messaging/concept-options);
# what it adds for the way to the device has to fit, too.
MAX_CONTENT_BYTES = 3_500
CUT_CHARS = 200
# Names of data that FCM refuses a message for.
RESERVED = frozenset({"from", "message_type"})
RESERVED_PREFIXES = ("google", "gcm")
# https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode: the device is gone, or was never this project's.
GONE = frozenset({"UNREGISTERED", "SENDER_ID_MISMATCH"})


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
        try:
            token = await self._tokens.get()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            body = orjson.dumps({"message": message_of(device, push)})
            answer = await self._http.post(self._address, body, headers)
        except NoAnswerError as error:
            return error.postponed
        if answer.status == UNAUTHORIZED and _error_code(answer.json()) != THIRD_PARTY:
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
    aps: dict[str, Any] = {"badge": push.badge}
    if push.withdraws:
        aps["content-available"] = 1
    else:
        aps |= {"sound": "default", "thread-id": push.collapse_key}
    headers = {
        "apns-collapse-id": push.collapse_key,
        "apns-expiration": str(int(time.time()) + push.ttl_seconds),
        # Background pushes have to be 5 (Apple's documentation of `apns-priority`).
        "apns-priority": "5" if push.withdraws else "10",
        "apns-push-type": "background" if push.withdraws else "alert",
    }
    return {"headers": headers, "payload": {"aps": aps}}


def _outcome_of(answer: HttpAnswer) -> Outcome:
    fields: Any = answer.json()
    if answer.is_success:
        return Accepted() if isinstance(fields, dict) and "name" in fields else Postponed("garbage")
    code = _error_code(fields)
    if code in GONE:
        return Unregistered(code.lower())
    if answer.should_retry:
        return answer.postponed()
    if code == THIRD_PARTY:
        return Postponed(code.lower())
    return Rejected(code.lower() if code else f"http_{answer.status}")


def _error_code(fields: Any) -> str:
    """FCM's own code in the details, else the status of Google's error model."""
    try:
        error = fields["error"]
        codes = [detail["errorCode"] for detail in error.get("details", ()) if "errorCode" in detail]
        return str(codes[0] if codes else error.get("status", ""))
    except (KeyError, TypeError, AttributeError):
        return ""
