"""The search and its index on a database of the test's own, and rooms with messages in it."""

from collections.abc import AsyncIterator

import pytest

from hyred_chat.accounts.service import Accounts
from hyred_chat.accounts.tokens import DevelopmentVerifier, TokenVerifier
from hyred_chat.db.pool import Database
from tests.integration.search.library import Library


@pytest.fixture
async def library(database: Database) -> AsyncIterator[Library]:
    """Rooms, messages and the search."""
    accounts = Accounts(database, TokenVerifier(development=DevelopmentVerifier()))
    yield Library(database, accounts)
    await accounts.close()
