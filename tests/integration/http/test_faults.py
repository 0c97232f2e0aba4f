"""Faults of ours: answered in the envelope, and logged without what is secret in an address."""

import httpx
import pytest
from fastapi import FastAPI

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
