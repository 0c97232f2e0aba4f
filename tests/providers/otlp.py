"""A collector of OpenTelemetry: takes spans by OTLP over HTTP, in Protocol Buffers, and keeps them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.providers.arrivals import Arrivals


@dataclass(frozen=True, slots=True)
class Span:
    """A span that arrived. `links` are trace ids; `kind` and `status` as OTLP names them."""

    name: str
    kind: str
    status: str
    milliseconds: float
    attributes: dict[str, Any]
    resource: dict[str, Any]
    trace_id: str
    links: list[str]


class Collector:
    """Where spans arrive.

    Attributes:
        settings: of a server that sends its spans here.
    """

    def __init__(self) -> None:
        self.spans: Arrivals[Span] = Arrivals()
        self.settings: dict[str, str] = {}

    async def take(self, request: web.Request) -> web.Response:
        exported = ExportTraceServiceRequest.FromString(await request.read())
        for resource_spans in MessageToDict(exported)["resourceSpans"]:
            resource = _attributes(resource_spans["resource"])
            for scope_spans in resource_spans["scopeSpans"]:
                for span in scope_spans["spans"]:
                    self.spans.add(_span(span, resource))
        body = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=body, content_type="application/x-protobuf")

    async def wait_for(self, name: str) -> Span:
        """The first span of this name."""
        return (await self.spans.wait_for(lambda span: span.name == name))[0]


def _span(span: dict[str, Any], resource: dict[str, Any]) -> Span:
    nanoseconds = int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])
    return Span(
        name=span["name"],
        kind=span["kind"],
        status=span.get("status", {}).get("code", "STATUS_CODE_UNSET"),
        milliseconds=nanoseconds / 1e6,
        attributes=_attributes(span),
        resource=resource,
        trace_id=span["traceId"],
        links=[link["traceId"] for link in span.get("links", ())],
    )


def _attributes(holder: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: _value(each["value"]) for each in holder.get("attributes", ())}


def _value(value: dict[str, Any]) -> Any:
    [(kind, held)] = value.items()
    return int(held) if kind == "intValue" else held


@asynccontextmanager
async def running_collector() -> AsyncIterator[Collector]:
    """The collector, on a free port."""
    collector = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    collector.settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{runner.addresses[0][1]}",
        "OTEL_BSP_SCHEDULE_DELAY": "50",
    }
    try:
        yield collector
    finally:
        await runner.cleanup()
