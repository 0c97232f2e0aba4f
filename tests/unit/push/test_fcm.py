"""What FCM is given."""

from dataclasses import replace

from hyred_chat.push.channels import DeviceAddress, Push
from hyred_chat.push.fcm import message_of

PHONE = DeviceAddress(id="phone", token="a-token", platform="ios", p256dh=None, auth=None)
PUSH = Push(
    collapse_key="0" * 32,
    title="Ana",
    body="Hello",
    data={"type": "chat_message"},
    badge=3,
    is_urgent=True,
    withdraws=False,
    ttl_seconds=60,
)


def test_a_push_to_an_iphone_is_an_alert_with_the_number_of_unread_messages() -> None:
    apns = message_of(PHONE, PUSH)["apns"]
    assert (apns["headers"]["apns-push-type"], apns["headers"]["apns-priority"]) == ("alert", "10")
    assert apns["payload"]["aps"]["badge"] == PUSH.badge


def test_a_withdrawal_from_an_iphone_is_a_background_push_and_nothing_else() -> None:
    message = message_of(PHONE, replace(PUSH, withdraws=True))
    apns = message["apns"]
    assert (apns["headers"]["apns-push-type"], apns["headers"]["apns-priority"]) == ("background", "5")
    assert apns["payload"] == {"aps": {"content-available": 1}}
    assert "notification" not in message
