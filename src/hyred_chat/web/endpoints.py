"""HTTP: the web app."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, FastAPI, Request, Response

from hyred_chat.errors import NotFoundError
from hyred_chat.http.errors import refusal
from hyred_chat.web.service import NOT_FOUND, WebApp

router = APIRouter(include_in_schema=False)
METHODS = ["GET", "HEAD"]
# Whatever is asked for below these, programs ask: they are answered in the failure envelope.
PROGRAMS = ("api", "socket.io")


async def _web_app(request: Request) -> WebApp:
    return cast("WebApp", request.app.state.web_app)


Web = Annotated[WebApp, Depends(_web_app)]


@router.api_route("/", methods=METHODS)
@router.api_route("/chat", methods=METHODS)
@router.api_route("/chat/", methods=METHODS)
@router.api_route("/chat/{room_id}", methods=METHODS)
async def get_page(request: Request, web: Web) -> Response:
    """The page: which view it shows, it takes from its address."""
    return web.page(request)


@router.api_route("/console", methods=METHODS)
@router.api_route("/console/", methods=METHODS)
@router.api_route("/console/{section}", methods=METHODS)
async def get_console(request: Request, web: Web) -> Response:
    """The console for moderators: which section it shows, it takes from its address."""
    return web.console(request)


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


def serve_missing_page(app: FastAPI) -> None:
    """Have the app's page answer people whose browser goes to an address where there is nothing.

    Programs are answered in the failure envelope, as everywhere.
    """

    async def answer(request: Request, error: Exception) -> Response:
        if _is_navigation(request):
            return (await _web_app(request)).missing_page(request)
        if isinstance(error, NotFoundError):
            return refusal(error)
        return refusal(NotFoundError("There is nothing at this address."))

    for kind in (NotFoundError, NOT_FOUND):
        app.add_exception_handler(kind, answer)


def _is_navigation(request: Request) -> bool:
    """Whether a browser is to show the answer as a page (RFC 9110, section 12.5.1)."""
    first_folder = request.url.path.removeprefix("/").partition("/")[0]
    if request.method not in METHODS or first_folder in PROGRAMS:
        return False
    accepted = (part.partition(";") for part in request.headers.get("accept", "").lower().split(","))
    return any(media_type.strip() == "text/html" for media_type, _, _ in accepted)
