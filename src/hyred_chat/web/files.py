"""The files of the built app, held in memory: a page and its assets always belong together.

They are read once, at start. A request picks from what there is, and no name of a client's ever becomes a path.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import Request, Response

OK: Final = 200
NOT_MODIFIED: Final = 304
# How the build compresses, the best first: the suffix of the file beside the original, by its content coding.
SUFFIXES = {"br": ".br", "gzip": ".gz"}
# Not left to the machine's table of types, which differs from one to the next.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class AppFile:
    """One file, in every form in which it can be sent.

    Attributes:
        media_type: the value of Content-Type.
        version: changes with what is sent; the ETag is made of it.
        bodies: by content coding, `identity` among them.
    """

    media_type: str
    version: str
    bodies: Mapping[str, bytes]

    @classmethod
    def of(cls, media_type: str, content: bytes, *, variants: Mapping[str, bytes] | None = None) -> "AppFile":
        """A file of this content, with what the build has compressed."""
        version = hashlib.sha256(content).hexdigest()[:20]
        return cls(media_type, version, {**(variants or {}), "identity": content})

    def respond(self, request: Request, headers: Mapping[str, str], *, status: int = OK) -> Response:
        """The smallest form that the client takes; 304 when it has that one and all is well."""
        coding = self._coding(request.headers.get("accept-encoding", ""))
        etag = f'"{self.version}-{coding}"'
        sent = {**headers, "ETag": etag}
        if len(self.bodies) > 1:
            sent["Vary"] = "Accept-Encoding"
        if status == OK and _knows(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=NOT_MODIFIED, headers=sent)
        if coding != "identity":
            sent["Content-Encoding"] = coding
        return Response(self.bodies[coding], status_code=status, headers=sent, media_type=self.media_type)

    def _coding(self, accepted: str) -> str:
        """The first of ours that is accepted (RFC 9110, section 12.5.3). Nothing is refused for want of one."""
        codings = _accepted_codings(accepted)
        return next((coding for coding in SUFFIXES if coding in self.bodies and coding in codings), "identity")


def read_files(folder: Path) -> dict[str, AppFile]:
    """All files of a build, by their paths in URLs (`/assets/index-8f3a.js`). Empty when there is no build."""
    paths = [path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES and path.is_file()]
    return {f"/{path.relative_to(folder).as_posix()}": _read(path) for path in paths}


def _read(path: Path) -> AppFile:
    compressed = {coding: path.with_name(path.name + suffix) for coding, suffix in SUFFIXES.items()}
    variants = {coding: variant.read_bytes() for coding, variant in compressed.items() if variant.exists()}
    return AppFile.of(MEDIA_TYPES[path.suffix], path.read_bytes(), variants=variants)


def _accepted_codings(header: str) -> set[str]:
    parts = (part.partition(";") for part in header.lower().split(","))
    return {coding.strip() for coding, _, weight in parts if weight.replace(" ", "").rstrip("0.") != "q="}


def _knows(header: str, etag: str) -> bool:
    return etag in {tag.strip().removeprefix("W/") for tag in header.split(",")}
