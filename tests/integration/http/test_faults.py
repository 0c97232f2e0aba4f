"""Faults of ours: answered in the envelope, and logged without what is secret in an address."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from hyred_chat.errors import UnavailableError
from hyred_chat.http.answers import AnswerCutError
from hyred_chat.http.errors import install_error_handlers


@pytest.mark.parametrize(
    "token", ["secret-token-12345", "https%3A%2F%2Fpush.example%2Fsecret-token-12345", "a/secret-token"]
)
async def test_a_fault_is_logged_with_its_route_and_never_with_a_token_in_its_path(
    caplog: pytest.LogCaptureFixture, token: str
) -> None:
    app = FastAPI()
    install_error_handlers(app)

    @app.put("/devices/{token:path}")
    async def put_device(token: str) -> None:
        raise RuntimeError(len(token))

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
        answer = await client.put(f"/devices/{token}?token={token}")
    assert answer.json()["code"] == "internal"
    [record] = caplog.records
    assert record.getMessage() == "PUT /devices/{token:path} failed"
    assert "secret-token" not in caplog.text


@pytest.mark.parametrize("cause", [UnavailableError(), FileNotFoundError("what is kept of it")])
async def test_an_answer_that_is_cut_is_a_fault_only_if_nothing_of_ours_refused_the_rest(
    caplog: pytest.LogCaptureFixture, cause: Exception
) -> None:
    app = FastAPI()
    install_error_handlers(app)

    async def parts() -> AsyncIterator[bytes]:
        yield b"the beginning"
        raise AnswerCutError from cause

    @app.get("/file")
    async def get_file() -> StreamingResponse:
        return StreamingResponse(parts())

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
        assert (await client.get("/file")).content == b"the beginning"
    logged = [record.getMessage() for record in caplog.records]
    assert logged == ([] if isinstance(cause, UnavailableError) else ["GET /file failed"])
