"""HTTP: the pictures of the demo people."""

from pathlib import Path

from fastapi import APIRouter, Response

from hyred_chat.errors import NotFoundError

# Read once: a request picks from what there is, and no name of a client's ever becomes a path.
AVATARS = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "avatars").glob("*.svg")}
HEADERS = {
    "Cache-Control": "public, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    # Somebody may open a picture as a page of its own; it can do nothing there.
    "Content-Security-Policy": "default-src 'none'",
}

router = APIRouter(prefix="/demo/avatars")


@router.get("/{name}.svg", include_in_schema=False)
async def get_avatar(name: str) -> Response:
    """One of the pictures."""
    if name not in AVATARS:
        raise NotFoundError("There is no such picture.")
    return Response(AVATARS[name], media_type="image/svg+xml", headers=HEADERS)
