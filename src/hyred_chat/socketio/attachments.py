"""Binary values inside JSON: taken out into attachments and put back (Socket.IO protocol, BINARY_EVENT).

In the JSON a placeholder `{"_placeholder": true, "num": n}` stands where the n-th attachment belongs.
"""

from collections.abc import Sequence
from typing import Any

from hyred_chat.socketio.errors import PacketError


class Attachments(list[bytes]):
    """The attachments of one packet that is being encoded, in the order of their placeholders."""

    def take(self, binary: bytes) -> dict[str, Any]:
        """Keep a binary value as an attachment and return its placeholder."""
        self.append(binary)
        return {"_placeholder": True, "num": len(self) - 1}


def put_back(value: Any, attachments: Sequence[bytes]) -> Any:
    """Replace every placeholder in decoded JSON by its attachment. Lists and objects are changed in place.

    The caller has bounded the nesting already.

    Raises:
        PacketError: a placeholder names an attachment that is not there.
    """
    if isinstance(value, list):
        value[:] = [put_back(item, attachments) if isinstance(item, (list, dict)) else item for item in value]
    elif isinstance(value, dict):
        if value.get("_placeholder") is True:
            return _attachment(value.get("num"), attachments)
        for key, item in value.items():
            if isinstance(item, (list, dict)):
                value[key] = put_back(item, attachments)
    return value


def _attachment(number: Any, attachments: Sequence[bytes]) -> bytes:
    if type(number) is not int or not 0 <= number < len(attachments):
        raise PacketError("placeholder without an attachment")
    return attachments[number]
