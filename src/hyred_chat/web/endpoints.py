"""HTTP: the web app."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.web.service import WebApp

router = APIRouter(include_in_schema=False)
METHODS = ["GET", "HEAD"]


def _web_app(request: Request) -> WebApp:
    return cast("WebApp", request.app.state.web_app)


Web = Annotated[WebApp, Depends(_web_app)]


@router.api_route("/", methods=METHODS)
@router.api_route("/chat", methods=METHODS)
@router.api_route("/chat/", methods=METHODS)
@router.api_route("/chat/{room_id}", methods=METHODS)
async def get_page(request: Request, web: Web) -> Response:
    """The page: which view it shows, it takes from its address."""
    return web.page(request)


@router.api_route("/app/config.json", methods=METHODS)
async def get_settings(request: Request, web: Web) -> Response:
    """What the page is told at start."""
    return web.settings(request)


@router.api_route("/sw.js", methods=METHODS)
async def get_worker(request: Request, web: Web) -> Response:
    """The service worker."""
    return web.worker(request)


@router.api_route("/manifest.webmanifest", methods=METHODS)
@router.api_route("/assets/{name:path}", methods=METHODS)
@router.api_route("/icons/{name:path}", methods=METHODS)
async def get_file(request: Request, web: Web) -> Response:
    """A file of the build."""
    return web.file(request)
