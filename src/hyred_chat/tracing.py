"""Spans for OpenTelemetry, where its environment variables say where to send them.

A span is recorded when what it stands for has ended, so nothing is carried along in between, and code that is traced
knows nothing of OpenTelemetry. Without those variables, nothing of its tracing is even imported.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from hyred_chat import __version__
from hyred_chat.ids import new_id

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Link

logger = logging.getLogger(__name__)

SERVICE = "hyred-chat"
# Of a stop, for spans that are not sent yet.
FLUSH_SECONDS = 1.0
_POLL_SECONDS = 0.02
_PROTOCOL = "http/protobuf"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_DEFAULT_ENDPOINT = "http://localhost:4318"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")

Attributes: TypeAlias = Mapping[str, str | int | float | bool]


class Tracing:
    """Records spans. They are sent by a thread of the SDK, which drops those that are too many for it.

    Args:
        provider: from the SDK.
    """

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("hyred_chat", __version__)

    def record(
        self,
        name: str,
        seconds: float,
        attributes: Attributes,
        *,
        is_served: bool = False,
        is_error: bool = False,
        caller: str | None = None,
    ) -> None:
        """Record a span that ends now.

        Args:
            seconds: how long it took.
            is_served: whether it is a request to us. Otherwise it is one of ours to somebody else.
            caller: the `traceparent` of who asked. It is linked and not continued: a client must not decide what is
                sampled.
        """
        from opentelemetry.context import Context  # noqa: PLC0415 (imported with the SDK)
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415 (likewise)

        ended_at = time.time_ns()
        span = self._tracer.start_span(
            name,
            Context(),
            SpanKind.SERVER if is_served else SpanKind.CLIENT,
            attributes,
            _link_to(caller),
            ended_at - round(seconds * 1e9),
        )
        if is_error:
            span.set_status(StatusCode.ERROR)
        span.end(ended_at)

    async def close(self) -> None:
        """Send what is left, for a second at most."""
        # A thread that the loop does not wait for: a collector that hangs must not hold up the end of the process.
        thread = threading.Thread(target=self._provider.shutdown, daemon=True)
        thread.start()
        deadline = time.monotonic() + FLUSH_SECONDS
        while thread.is_alive() and time.monotonic() < deadline:  # noqa: ASYNC110 (a thread tells no loop)
            await asyncio.sleep(_POLL_SECONDS)


def start_tracing(environment: Mapping[str, str]) -> Tracing | None:
    """Tracing as OpenTelemetry's variables want it; None when they want none, or it is not installed."""
    if not is_wanted(environment):
        return None
    if (obstacle := find_obstacle(environment)) is not None:
        logger.warning("There are no traces: %s", obstacle)
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 (see above)
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    logging.getLogger("opentelemetry").setLevel(logging.ERROR)  # it warns about every attempt that it repeats
    defaults = {"service.version": __version__, "service.instance.id": new_id()}
    if not environment.get("OTEL_SERVICE_NAME"):
        defaults["service.name"] = SERVICE
    provider = TracerProvider(resource=Resource.create(defaults), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)


def find_obstacle(environment: Mapping[str, str]) -> str | None:
    """Why traces that are wanted cannot be made, in words; None when they can."""
    protocol = next((environment[name] for name in _PROTOCOLS if environment.get(name)), _PROTOCOL)
    if protocol != _PROTOCOL:
        return f"only the protocol {_PROTOCOL} is supported, not {protocol}"
    try:
        from opentelemetry.exporter.otlp.proto.http import trace_exporter  # noqa: F401, PLC0415 (see above)
        from opentelemetry.sdk.trace import export  # noqa: F401, PLC0415
    except ImportError:
        return "they need OpenTelemetry (pip install 'hyred-chat[otel]')"
    return None


def traces_url(environment: Mapping[str, str]) -> str:
    """Where the exporter sends traces, as OpenTelemetry's specification has it."""
    own, common = (environment.get(name) for name in _ENDPOINTS)
    return own or f"{(common or _DEFAULT_ENDPOINT).rstrip('/')}/v1/traces"


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER")
    return exporter == "otlp" or (not exporter and any(environment.get(name) for name in _ENDPOINTS))


def _link_to(caller: str | None) -> "list[Link]":
    if caller is None:
        return []
    from opentelemetry.trace import Link, get_current_span  # noqa: PLC0415 (see above)
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    context = get_current_span(TraceContextTextMapPropagator().extract({"traceparent": caller})).get_span_context()
    return [Link(context)] if context.is_valid else []
