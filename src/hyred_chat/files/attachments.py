"""A file that was sent, or is the picture of a group, and the addresses at which one person gets it.

Each file has a key of its own. An address is signed with it for one person and until a time, and whoever asks for it is
looked up each time (`files/serving.py`). So an address needs no secret of the deployment, and ends with its file.
"""

import hmac
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

Variant: TypeAlias = Literal["content", "preview", "large"]

# An address is good for this long at most, and for `LIFE_SECONDS - STABLE_SECONDS` at least. In between it stays the
# same, so that whoever reads a page twice finds its pictures in the browser's cache.
LIFE_SECONDS = 3600
STABLE_SECONDS = 900
_SIGNATURE_BYTES = 18
# One for a moderator: each look is on record, so none serves for another one later.
MODERATOR_LIFE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message.

    Attributes:
        content_type: what it is, and not what it was said to be.
        key: what its addresses are signed with.
        waveform: of a voice message, 0 to 100 each.
        placeholder: a thumbhash in base64.
        previews: which there are, besides the content.
        alt: what can be seen or heard, in the sender's words.
    """

    id: str
    name: str
    size: int
    content_type: str
    kind: str
    key: bytes
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    waveform: list[int] | None = None
    placeholder: str | None = None
    previews: tuple[str, ...] = ()
    alt: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As `messages.attachments` has it."""
        return {**self._facts(), "key": self.key.hex(), "previews": self.previews}

    def describe(self, viewer_id: str | None) -> dict[str, Any]:
        """The contract's Attachment for one person; without addresses for nobody in particular."""
        return {
            **self._facts(),
            "url": "" if viewer_id is None else self._address("content", viewer_id),
            "previewUrl": self._preview("preview", viewer_id),
            "largePreviewUrl": self._preview("large", viewer_id),
        }

    def _facts(self) -> dict[str, Any]:
        """What everybody may know of it."""
        return {
            "id": self.id,
            "name": self.name,
            "size": self.size,
            "contentType": self.content_type,
            "kind": self.kind,
            "width": self.width,
            "height": self.height,
            "durationMs": self.duration_ms,
            "waveform": self.waveform,
            "placeholder": self.placeholder,
            "alt": self.alt,
        }

    def _preview(self, variant: Variant, viewer_id: str | None) -> str | None:
        return None if viewer_id is None or variant not in self.previews else self._address(variant, viewer_id)

    def _address(self, variant: Variant, viewer_id: str) -> str:
        return address_of(self.id, self.key, variant, viewer_id)


@dataclass(frozen=True, slots=True)
class GroupPicture:
    """A file that is the picture of a group, and what its addresses are signed with."""

    file_id: str
    key: bytes

    def address_for(self, viewer_id: str) -> str:
        """Where one member gets its small preview."""
        return address_of(self.file_id, self.key, "preview", viewer_id)


def attachment_of(fields: dict[str, Any]) -> Attachment:
    """The reverse of `Attachment.as_json`."""
    return Attachment(
        id=fields["id"],
        name=fields["name"],
        size=fields["size"],
        content_type=fields["contentType"],
        kind=fields["kind"],
        key=bytes.fromhex(fields["key"]),
        width=fields["width"],
        height=fields["height"],
        duration_ms=fields["durationMs"],
        waveform=fields["waveform"],
        placeholder=fields["placeholder"],
        previews=tuple(fields["previews"]),
        alt=fields.get("alt"),  # earlier versions wrote none
    )


def address_of(file_id: str, key: bytes, variant: Variant, viewer_id: str, *, now: float | None = None) -> str:
    """Where one person gets a file, or a preview of it, for the next hour."""
    now = time.time() if now is None else now
    until = int(now // STABLE_SECONDS) * STABLE_SECONDS + LIFE_SECONDS
    signature = sign(file_id, key, variant, viewer_id, until)
    return f"/api/chat/files/{file_id}/{variant}?user={quote(viewer_id, safe='')}&until={until}&signature={signature}"


def sign(file_id: str, key: bytes, variant: str, viewer_id: str, until: int) -> str:
    """What makes an address one of ours."""
    return _sign(key, file_id, variant, str(until), viewer_id)


def address_for_moderator(
    report_id: str, file_id: str, key: bytes, variant: Variant, admin_id: str, *, until: int
) -> str:
    """Where one admin gets a file that a report holds, or a preview of it, until then (Unix seconds)."""
    signature = sign_for_moderator(report_id, file_id, key, variant, admin_id=admin_id, until=until)
    path = f"/api/admin/reports/{quote(report_id, safe='')}/files/{file_id}/{variant}"
    return f"{path}?user={quote(admin_id, safe='')}&until={until}&signature={signature}"


def sign_for_moderator(report_id: str, file_id: str, key: bytes, variant: str, *, admin_id: str, until: int) -> str:
    """Likewise. Its first line is the id of no file: what is signed for one purpose never serves for the other."""
    return _sign(key, "report", report_id, file_id, variant, str(until), admin_id)


def _sign(key: bytes, *lines: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, "\n".join(lines).encode(), "sha256")[:_SIGNATURE_BYTES]).decode()
