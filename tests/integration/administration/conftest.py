"""An app that a host provisions, what it announces, and the host's HTTP client."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from hyred_chat.accounts import endpoints as account_endpoints
from hyred_chat.accounts.authentication import Rates
from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.service import Accounts
from hyred_chat.accounts.tokens import DevelopmentVerifier, TokenVerifier
from hyred_chat.administration import endpoints, moderator_endpoints
from hyred_chat.administration.api_keys import ApiKeys
from hyred_chat.administration.room_service import RoomChange
from hyred_chat.administration.service import Administration
from hyred_chat.audit.service import Audit
from hyred_chat.blocks.service import Blocks
from hyred_chat.db.pool import Database
from hyred_chat.devices.service import Devices
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.limits import RateLimit
from hyred_chat.rooms.cache import RoomCache

KEYS = ("first-key-0123456789", "second-key-0123456789")


@pytest.fixture
async def accounts(database: Database) -> AsyncIterator[Accounts]:
    accounts = Accounts(database, TokenVerifier(development=DevelopmentVerifier()))
    yield accounts
    await accounts.close()


@pytest.fixture
def api_keys() -> ApiKeys:
    return ApiKeys(KEYS)


@pytest.fixture
def administration(database: Database, accounts: Accounts, api_keys: ApiKeys) -> Administration:
    return new_administration(database, accounts, api_keys)


def new_administration(database: Database, accounts: Accounts, api_keys: ApiKeys) -> Administration:
    """The service, beside which no room is in memory."""
    devices = Devices(database, web_push_hosts=(), web_key=None)
    cache = RoomCache(database, is_pinned=lambda _: False, is_watched=lambda _: False)
    return Administration(
        database, accounts, devices, blocks=Blocks(database, cache), audit=Audit(database), api_keys=api_keys
    )


@pytest.fixture
def user_changes(accounts: Accounts) -> list[UserChange]:
    heard: list[UserChange] = []
    accounts.on_change.append(heard.append)
    return heard


@pytest.fixture
def room_changes(administration: Administration) -> list[RoomChange]:
    heard: list[RoomChange] = []
    administration.rooms.on_change.append(heard.append)
    return heard


@pytest.fixture
async def app(accounts: Accounts, administration: Administration) -> FastAPI:
    app = FastAPI()
    app.state.accounts = accounts
    app.state.rates = Rates(RateLimit(burst=1, per_minute=0))
    app.state.administration = administration
    app.include_router(account_endpoints.router)
    app.include_router(endpoints.router)
    app.include_router(moderator_endpoints.router)
    install_error_handlers(app)
    return app


@pytest.fixture
async def host(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a right key."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://chat.test", headers={"Authorization": f"Bearer {KEYS[0]}"}
    ) as client:
        yield client


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without any."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client
