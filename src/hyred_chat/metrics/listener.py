"""The address at which Prometheus reads the metrics. Clients of the chat never come here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hyred_chat.http.admission import Admission
from hyred_chat.http.connections import http_protocol
from hyred_chat.http.door import Door
from hyred_chat.listening import address_of, listen
from hyred_chat.metrics.registry import Metrics

logger = logging.getLogger(__name__)

# More readers than anybody has. The backlog holds as many again.
MAX_CONNECTIONS = 32


class MetricsListener:
    """Answers `GET /metrics`.

    Args:
        address: host and port. Port 0 takes any free one.
    """

    def __init__(self, metrics: Metrics, address: tuple[str, int]) -> None:
        self._metrics = metrics
        self._address = address

    async def run(self) -> None:
        """Listen, until cancelled. Raises OSError when the address cannot be listened on."""
        with listen(*self._address, backlog=MAX_CONNECTIONS) as listener:
            config = uvicorn.Config(
                Starlette(routes=[Route("/metrics", self._read)]),
                http=http_protocol(Door(Admission(max_connections=MAX_CONNECTIONS, reserve=0, max_per_address=0))),
                ws="none",
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
            )
            logger.info("Metrics are at %s/metrics", address_of(listener))
            server = _Server(config)
            try:
                await server.serve(sockets=[listener])
            finally:
                for each in server.servers:
                    each.close()

    async def _read(self, request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self._metrics.registry), media_type=content_type)


class _Server(uvicorn.Server):
    """uvicorn's server, beside another one: signals are the other one's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
