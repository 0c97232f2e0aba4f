"""What routes look up in a request."""

from fastapi import Request


def address_of(request: Request) -> str:
    """Where a request comes from, as addresses are counted; empty when that is not known."""
    return "" if request.client is None else request.client.host
