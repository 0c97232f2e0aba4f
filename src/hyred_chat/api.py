"""The REST API: FastAPI as this service uses it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from re import Pattern

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from hyred_chat import __version__
from hyred_chat.config import Settings
from hyred_chat.http.envelope import Failure
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.http.limits import BodyLimit
from hyred_chat.http.observed import REQUEST_ID


def create_api(
    settings: Settings,
    *,
    larger_bodies: Mapping[str, int],
    streamed_paths: Sequence[Pattern[str]],
    exposed_headers: Sequence[str],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """The API without any routes.

    Args:
        larger_bodies: by path prefix, how many bytes a request's body may have where that is more than elsewhere.
        streamed_paths: of requests whose bodies are taken in parts, within a bound of their own.
        exposed_headers: what pages of other origins may read of answers, besides what every answer has.
        lifespan: what goes on while it serves.
    """
    api = FastAPI(
        title="Hyred Chat",
        version=__version__,
        docs_url=None,  # FastAPI's page runs scripts of a public address
        redoc_url=None,
        openapi_url="/api/openapi.json" if settings.serves_api_docs else None,
        # With these, FastAPI leaves out the description of a 422 that is never sent.
        responses={
            "4XX": {"model": Failure, "description": "Refused: nothing was done."},
            "5XX": {"model": Failure, "description": "Not done: try again."},
        },
        lifespan=lifespan,
        redirect_slashes=False,  # a redirect has no envelope, and what a trailing slash names does not exist
    )
    api.state.refused = install_error_handlers(api)
    # The last one is the outermost: refusals of the others can be read by pages, too.
    api.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, larger=larger_bodies, streamed=streamed_paths)
    api.add_middleware(
        CORSMiddleware,
        allow_origins=sorted(settings.origins or ()),
        allow_origin_regex=".*" if settings.origins is None else None,
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
        expose_headers=["Retry-After", REQUEST_ID, *exposed_headers],
    )
    return api
