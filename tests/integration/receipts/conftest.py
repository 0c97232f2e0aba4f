"""The application in this process, and people on it."""

from tests.integration.realtime.conftest import chat, running

__all__ = ["chat", "running"]
