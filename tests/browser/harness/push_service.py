"""A push service for browsers that journeys drive, as a process: its first line says where it is.

The browsers' side is asked over the same port: `POST /subscriptions {applicationKey}` subscribes one, and
`GET /pushes?endpoint&count` waits until so many pushes have come to it.
"""

import asyncio
import sys

from aiohttp import web

from tests.providers.web_push import FakePushService

LONGEST_WAIT_SECONDS = 60


class Subscribing:
    """The routes of the browsers' side."""

    def __init__(self, service: FakePushService) -> None:
        self._service = service

    async def subscribe(self, request: web.Request) -> web.Response:
        """As `PushSubscription.toJSON()` writes it."""
        application_key = (await request.json())["applicationKey"]
        return web.json_response(self._service.subscribe(application_key).subscription())

    async def list_pushes(self, request: web.Request) -> web.Response:
        """All payloads that have come to an endpoint, oldest first, and what a real service would have refused."""
        endpoint, count = request.query["endpoint"], int(request.query["count"])
        try:
            arrivals = await self._service.pushes.wait_for(
                lambda arrival: arrival.endpoint == endpoint, count=count, patience_seconds=LONGEST_WAIT_SECONDS
            )
        except TimeoutError:
            arrivals = []
        payloads = [arrival.payload for arrival in arrivals]
        return web.json_response({"payloads": payloads, "problems": self._service.problems})


async def main() -> None:
    """Serve until the process is ended."""
    service = FakePushService()
    subscribing = Subscribing(service)
    app = web.Application()
    app.router.add_post("/send/{id}", service.take)
    app.router.add_post("/subscriptions", subscribing.subscribe)
    app.router.add_get("/pushes", subscribing.list_pushes)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    sys.stdout.write(f"{service.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
