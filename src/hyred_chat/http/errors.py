"""Every refusal, framework errors and our own faults included, in the failure envelope."""

import logging
import math
from collections import Counter

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from hyred_chat.errors import BadRequestError, ChatError, InternalError, NotFoundError, TooLargeError
from hyred_chat.http.answers import AnswerCutError
from hyred_chat.http.envelope import refuse
from hyred_chat.log_fields import as_id
from hyred_chat.validation import describe_first_error

logger = logging.getLogger(__name__)

UNAUTHORIZED = 401
PAYLOAD_TOO_LARGE = 413
LOGGED_PARAMETERS = frozenset({"room_id", "user_id"})
NOWHERE = frozenset({404, 405})  # no such path, or none for this method


def refusal(error: ChatError) -> Response:
    """The answer to a refused request, with the headers that go with its status."""
    headers: dict[str, str] = {}
    if error.status == UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.details is not None and "retryAfterMs" in error.details:
        headers["Retry-After"] = str(math.ceil(error.details["retryAfterMs"] / 1000))
    return refuse(error.envelope(), error.status, headers)


def malformed(error: RequestValidationError) -> BadRequestError:
    """What a request is answered with that does not have the form it should have."""
    first = error.errors()[0]
    # FastAPI puts in front where in the request the value was: `body`, `query`, `path` …
    return BadRequestError(describe_first_error([{**first, "loc": first["loc"][1:]}]))


def status_of(error: Exception) -> int:
    """The status with which an error that leaves an endpoint is answered."""
    if isinstance(error, ChatError):
        return error.status
    return BadRequestError.status if isinstance(error, RequestValidationError | HTTPException) else InternalError.status


def _refusal_of(request: Request, error: Exception) -> ChatError:
    """What a request is answered with whose endpoint has raised this. A fault of ours is logged."""
    match error:
        # Nobody reads the latter: the answer has begun.
        case (ChatError() as refused) | AnswerCutError(__cause__=ChatError() as refused):
            return refused
        case RequestValidationError():
            return malformed(error)
        case HTTPException(status_code=status):
            if status == PAYLOAD_TOO_LARGE:
                return TooLargeError("The request is too large.")
            if status in NOWHERE:
                return NotFoundError("There is nothing at this address.")
            return BadRequestError("The request could not be understood.")
    # The route, not the path: the path may hold the token of a device, which nobody else may know.
    route = getattr(request.scope.get("route"), "path", "a request")
    extra = {name: as_id(value) for name, value in request.path_params.items() if name in LOGGED_PARAMETERS}
    logger.error("%s %s failed", request.method, route, exc_info=error, extra=extra)
    return InternalError()


def install_error_handlers(app: FastAPI) -> Counter[str]:
    """Make `app` answer every refusal and every fault in the failure envelope.

    Returns:
        How often each code was given, from now on.
    """
    given: Counter[str] = Counter()

    async def answer(request: Request, error: Exception) -> Response:
        refused = _refusal_of(request, error)
        given[refused.code] += 1
        response = refusal(refused)
        if isinstance(error, HTTPException) and error.status_code in NOWHERE:
            response.headers.update(error.headers or {})  # `Allow`: what there is at this address
        return response

    for kind in (ChatError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)
    return given
