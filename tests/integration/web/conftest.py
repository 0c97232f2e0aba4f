"""The web app as a server shows it: a small build, and a client that sees what was really sent."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from hyred_chat.config import Settings
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.web.endpoints import router, serve_missing_page
from hyred_chat.web.service import WebApp

Serve = Callable[..., httpx.AsyncClient]
SCRIPT = b"console.log('hello')" * 100
FILES = {
    "index.html": b"<!doctype html><title>Hyred Chat</title>",
    "console.html": b"<!doctype html><title>Console</title>",
    "sw.js": b"self.addEventListener('install', () => {})",
    "manifest.webmanifest": b'{"name": "Hyred Chat"}',
    "icons/icon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "assets/index-8f3a.js": SCRIPT,
    "assets/index-8f3a.js.br": b"as brotli makes it",
    "assets/index-8f3a.js.gz": b"as gzip makes it",
    ".built": b"",
}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A folder as `npm run build` leaves it, with a secret beside it."""
    folder = tmp_path / "app"
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "secret.js").write_text("a secret")
    return folder


@pytest.fixture
def serve(build: Path) -> Serve:
    """A client of a server with these settings."""

    def serve(*, build: Path = build, **settings: object) -> httpx.AsyncClient:
        app = FastAPI(redirect_slashes=False)
        install_error_handlers(app)
        app.state.web_app = WebApp(Settings.model_validate(settings), build)
        app.include_router(router)
        serve_missing_page(app)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://chat.example:3000", headers={"Accept-Encoding": ""}
        )

    return serve


async def body_of(client: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Headers, bytes]:
    """The headers and the bytes of an answer, as they were sent."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", path, headers=sent) as response:
        return response.headers, b"".join([chunk async for chunk in response.aiter_raw()])
