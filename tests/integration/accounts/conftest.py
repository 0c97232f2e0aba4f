"""The service on a real database, and an HTTP client of an app that serves it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from hyred_chat.accounts.authentication import Rates
from hyred_chat.accounts.endpoints import router
from hyred_chat.accounts.service import Accounts
from hyred_chat.accounts.tokens import DevelopmentVerifier, TokenVerifier
from hyred_chat.db.pool import Database
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.limits import RateLimit


@pytest.fixture
async def accounts(database: Database) -> AsyncIterator[Accounts]:
    """It takes development tokens."""
    accounts = Accounts(database, TokenVerifier(development=DevelopmentVerifier()))
    yield accounts
    await accounts.close()


@pytest.fixture
def statements(database: Database) -> list[str]:
    """The SQL of every statement from now on."""
    seen: list[str] = []
    database.on_statement.append(seen.append)
    return seen


@pytest.fixture
async def client(accounts: Accounts) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.accounts = accounts
    app.state.rates = Rates(RateLimit(burst=1, per_minute=0))
    app.include_router(router)
    install_error_handlers(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client
