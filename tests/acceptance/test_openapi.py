"""The API's own description: complete, and true of whatever requests can be made up from it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import pytest
import requests
import schemathesis
import schemathesis.specs.openapi.schemas
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Chat
from tests.acceptance.server import API_KEY

ROUTES = {
    ("GET", "/api/chat/rooms"),
    ("POST", "/api/chat/rooms"),
    ("GET", "/api/chat/rooms/{room_id}"),
    ("GET", "/api/chat/rooms/{room_id}/messages"),
    ("POST", "/api/chat/rooms/{room_id}/messages"),
    ("PUT", "/api/chat/messages/{message_id}/read"),
    ("GET", "/api/chat/messages/{message_id}/versions"),
    ("PATCH", "/api/chat/messages/{message_id}"),
    ("DELETE", "/api/chat/messages/{message_id}"),
    ("PUT", "/api/chat/messages/{message_id}/reactions/{emoji}"),
    ("DELETE", "/api/chat/messages/{message_id}/reactions/{emoji}"),
    ("PUT", "/api/chat/rooms/{room_id}/pins/{message_id}"),
    ("DELETE", "/api/chat/rooms/{room_id}/pins/{message_id}"),
    ("PATCH", "/api/chat/rooms/{room_id}"),
    ("PUT", "/api/chat/rooms/{room_id}/members/{user_id}"),
    ("DELETE", "/api/chat/rooms/{room_id}/members/{user_id}"),
    ("PUT", "/api/chat/rooms/{room_id}/archive"),
    ("PUT", "/api/chat/rooms/{room_id}/unread"),
    ("POST", "/api/chat/rooms/{room_id}/files"),
    ("GET", "/api/chat/rooms/{room_id}/files"),
    ("GET", "/api/chat/files/{file_id}/state"),
    ("GET", "/api/chat/files/{file_id}/{variant}"),
    ("GET", "/api/chat/drafts"),
    ("PUT", "/api/chat/rooms/{room_id}/draft"),
    ("GET", "/api/chat/search"),
    ("GET", "/api/chat/unread-count"),
    ("POST", "/api/chat/sync"),
    ("GET", "/api/users/me"),
    ("GET", "/api/users"),
    ("PUT", "/api/users/{user_id}/block"),
    ("GET", "/api/users/blocked"),
    ("GET", "/api/chat/presence"),
    ("POST", "/api/chat/reports"),
    ("GET", "/api/health/live"),
    ("GET", "/api/health/ready"),
    ("PUT", "/api/admin/users/{user_id}"),
    ("GET", "/api/admin/users/{user_id}"),
    ("POST", "/api/admin/rooms"),
    ("GET", "/api/admin/rooms"),
    ("GET", "/api/admin/reports"),
    ("GET", "/api/admin/reports/{report_id}"),
    ("PATCH", "/api/admin/reports/{report_id}"),
    ("POST", "/api/admin/reports/{report_id}/files/{file_id}"),
    ("GET", "/api/admin/reports/{report_id}/files/{file_id}/{variant}"),
    ("GET", "/api/admin/messages/{message_id}"),
    ("GET", "/api/admin/audit"),
    ("GET", "/api/admin/users/{user_id}/data"),
    ("DELETE", "/api/admin/users/{user_id}/data"),
}
CODES_BY_STATUS = {
    400: ("bad_request", "self_chat"),
    401: ("unauthenticated",),
    403: ("access_denied", "room_blocked"),
    404: ("not_found",),
    409: ("conflict",),
    413: ("too_large",),
}
# Making requests up takes ten times as long as answering them: a few of each kind, the same ones every time. With
# MADE_UP_REQUESTS=50 in the environment it is that many, and others every time.
WANTED_EXAMPLES = os.environ.get("MADE_UP_REQUESTS")
EXAMPLES_PER_ROUTE = int(WANTED_EXAMPLES or 4)


async def test_every_route_of_the_contract_is_described(chat: Chat) -> None:
    document = (await chat.http.get("/api/openapi.json")).json()
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert described >= ROUTES


async def test_refusals_are_described_as_the_envelope(chat: Chat) -> None:
    document = (await chat.http.get("/api/openapi.json")).json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert "422" not in operation["responses"], (method, path)
            refusal = operation["responses"].get("4XX") or operation["responses"]["default"]
            assert refusal["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Failure"}


async def test_the_description_can_be_read_by_people(chat: Chat) -> None:
    response = await chat.http.get("/api/docs")
    assert response.status_code == 200
    assert "/api/openapi.json" in response.text


@pytest.fixture(scope="module")
async def open_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server of its own: what is made up here is nobody else's business."""
    async with start_chat(HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE="0", HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE="0") as chat:
        yield chat


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
async def test_whatever_is_made_up_from_the_description_is_answered_with_an_envelope(
    open_chat: Chat, mode: GenerationMode
) -> None:
    person, company, room_id = await open_chat.pair()
    await company.post_message(room_id, "Hello")
    url = open_chat.server.url
    schema = schemathesis.openapi.from_dict((await open_chat.http.get("/api/openapi.json")).json())
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) >= len(ROUTES)
    with requests.Session() as session:
        for operation in operations:
            session.headers["Authorization"] = f"Bearer {API_KEY if '/admin/' in operation.path else person.token}"
            await asyncio.to_thread(try_out, operation, mode, url, session, room_id)
    assert not open_chat.server.faults()


def try_out(operation: Any, mode: GenerationMode, url: str, session: requests.Session, room_id: str) -> None:
    """Make requests up, and send them."""
    known = {"path_parameters": {"room_id": room_id}} if "{room_id}" in operation.path else {}

    @settings(
        max_examples=EXAMPLES_PER_ROUTE,
        derandomize=WANTED_EXAMPLES is None,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, **known))
    def send(case: schemathesis.Case[Any]) -> None:
        response = case.call(base_url=url, session=session)
        check_answer(response.status_code, response.json())
        case.validate_response(response, checks=[response_schema_conformance, status_code_conformance])

    with suppress(Unsatisfiable):  # a route without parameters has nothing that could be wrong
        send()


def check_answer(status: int, envelope: Any) -> None:
    """An envelope that goes with its status, and no fault of the server."""
    assert isinstance(envelope, dict)
    if status == HTTPStatus.OK:
        assert envelope["success"] is True
        assert envelope.keys() <= {"success", "data", "page"}
    else:
        assert status in CODES_BY_STATUS, envelope
        check_refusal(envelope, *CODES_BY_STATUS[status])
