"""HTTP: the page that describes the REST API, under the same policy as the app, from this server's own files."""

from collections.abc import Callable
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.config import Settings
from hyred_chat.web.api_page import STYLE, STYLE_PATH, render_page
from hyred_chat.web.files import AppFile
from hyred_chat.web.policy import PAGE_HEADERS, content_security_policy

router = APIRouter(include_in_schema=False)
ASK_EACH_TIME = {"Cache-Control": "no-cache"}


class ApiPage:
    """The page and its style sheet.

    Args:
        describe: the OpenAPI description. It is rendered when somebody asks, and kept.
    """

    def __init__(self, settings: Settings, describe: Callable[[], dict[str, Any]]) -> None:
        self._settings = settings
        self._describe = describe
        self._page: AppFile | None = None
        self._style = AppFile.of("text/css; charset=utf-8", STYLE.encode())

    def page(self, request: Request) -> Response:
        """The page."""
        if self._page is None:
            self._page = AppFile.of("text/html; charset=utf-8", render_page(self._describe()).encode())
        policy = content_security_policy(self._settings, request.headers.get("host", ""))
        return self._page.respond(request, {**PAGE_HEADERS, **ASK_EACH_TIME, "Content-Security-Policy": policy})

    def style(self, request: Request) -> Response:
        """Its style sheet."""
        return self._style.respond(request, ASK_EACH_TIME)


async def _api_page(request: Request) -> ApiPage:
    return cast("ApiPage", request.app.state.api_page)


Page = Annotated[ApiPage, Depends(_api_page)]


@router.get("/api/docs")
async def get_page(request: Request, page: Page) -> Response:
    """The description for people."""
    return page.page(request)


@router.get(STYLE_PATH)
async def get_style(request: Request, page: Page) -> Response:
    """How it looks."""
    return page.style(request)
