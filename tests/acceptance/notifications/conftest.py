"""A server that pushes to providers beside it."""

from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

import pytest

from hyred_chat.push.vapid import new_private_key
from tests.acceptance.conftest import StartChat
from tests.acceptance.notifications.phones import BrowserOf, Phone, Providers
from tests.acceptance.people import Chat
from tests.providers.fcm import FakeFcm, running_fcm
from tests.providers.web_push import FakePushService, running_push_service

NewPhone: TypeAlias = Callable[[], Phone]
NewBrowser: TypeAlias = Callable[[], BrowserOf]


@pytest.fixture(scope="session")
async def providers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Providers]:
    """FCM and a Web Push service, and the settings of a server that uses both."""
    async with running_fcm() as fcm, running_push_service() as push_service:
        account = fcm.write_service_account(tmp_path_factory.mktemp("fcm") / "account.json")
        yield Providers(fcm, push_service, account, new_private_key())


@pytest.fixture(scope="session")
async def pushing_chat(start_chat: StartChat, providers: Providers) -> AsyncIterator[Chat]:
    """One server for these tests. People have two seconds to read in the chat before they are pushed."""
    async with start_chat(**providers.settings, HYRED_PUSH_GRACE_SECONDS="2") as chat:
        yield chat


@pytest.fixture
async def chat(pushing_chat: Chat, providers: Providers) -> AsyncIterator[Chat]:
    """People on it; whatever reached the providers was as they want it."""
    yield pushing_chat
    await pushing_chat.send_everybody_home()
    assert providers.fcm.problems == []
    assert providers.push_service.problems == []


@pytest.fixture
def fcm(providers: Providers) -> FakeFcm:
    return providers.fcm


@pytest.fixture
def push_service(providers: Providers) -> FakePushService:
    return providers.push_service


@pytest.fixture
def new_phone(fcm: FakeFcm) -> NewPhone:
    """A device that nobody has signed in on."""
    return lambda: Phone(fcm)


@pytest.fixture
def new_browser(providers: Providers) -> NewBrowser:
    """A browser that has subscribed, and that nobody has signed in on."""
    return lambda: BrowserOf(providers.push_service, providers.web_key)
