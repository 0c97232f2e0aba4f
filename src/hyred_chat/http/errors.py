"""Every refusal, framework errors and our own faults included, in the failure envelope."""

import logging
import math

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from hyred_chat.errors import BadRequestError, ChatError, InternalError, NotFoundError, TooLargeError
from hyred_chat.http.envelope import refuse
from hyred_chat.validation import describe_first_error

logger = logging.getLogger(__name__)

UNAUTHORIZED = 401
PAYLOAD_TOO_LARGE = 413


def refusal(error: ChatError) -> Response:
    """The answer to a refused request, with the headers that go with its status."""
    headers: dict[str, str] = {}
    if error.status == UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.details is not None and "retryAfterMs" in error.details:
        headers["Retry-After"] = str(math.ceil(error.details["retryAfterMs"] / 1000))
    return refuse(error.envelope(), error.status, headers)


def status_of(error: Exception) -> int:
    """The status with which an error that leaves an endpoint is answered."""
    if isinstance(error, ChatError):
        return error.status
    return BadRequestError.status if isinstance(error, RequestValidationError | HTTPException) else InternalError.status


async def _on_chat_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, ChatError):
        raise TypeError(type(error).__name__)
    return refusal(error)


async def _on_validation_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error).__name__)
    first = error.errors()[0]
    # FastAPI puts in front where in the request the value was: `body`, `query`, `path` …
    return refusal(BadRequestError(describe_first_error([{**first, "loc": first["loc"][1:]}])))


async def _on_http_exception(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__)
    if error.status_code == PAYLOAD_TOO_LARGE:
        return refusal(TooLargeError("The request is too large."))
    if error.status_code in {404, 405}:
        response = refusal(NotFoundError("There is nothing at this address."))
        response.headers.update(error.headers or {})  # `Allow`: what there is at this address
        return response
    return refusal(BadRequestError("The request could not be understood."))


async def _on_fault(request: Request, error: Exception) -> Response:
    # The route, not the path: the path may hold the token of a device, which nobody else may know.
    route = getattr(request.scope.get("route"), "path", "a request")
    logger.error("%s %s failed", request.method, route, exc_info=error)
    return refusal(InternalError())


def install_error_handlers(app: FastAPI) -> None:
    """Make `app` answer every refusal and every fault in the failure envelope."""
    app.add_exception_handler(ChatError, _on_chat_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_fault)
