"""Traces of a server that OTEL_EXPORTER_OTLP_ENDPOINT leads to a collector."""

import base64

from tests.acceptance.conftest import StartChat
from tests.acceptance.notifications.conftest import NewPhone
from tests.acceptance.notifications.phones import Providers
from tests.providers.otlp import running_collector

CALLER = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_requests_batches_and_pushes_are_spans_that_say_nothing_of_what_was_said(
    start_chat: StartChat, providers: Providers, new_phone: NewPhone
) -> None:
    async with (
        running_collector() as collector,
        start_chat(**providers.settings, **collector.settings, HYRED_PUSH_GRACE_SECONDS="0") as chat,
    ):
        va, company, room_id = await chat.pair()
        phone = new_phone()
        await phone.sign_in(company)
        await va.post_message(room_id, "My salary is 4,200 a month.")
        await phone.wait_for()
        traceparent = {"traceparent": f"00-{CALLER}-00f067aa0ba902b7-01"}
        nothing = await va.request("GET", f"/api/chat/rooms/{room_id}", headers=traceparent)
        assert (await chat.http.get("/api/health/ready")).status_code == 200

        sent = await collector.wait_for("POST /api/chat/rooms/{room_id}/messages")
        assert sent.kind == "SPAN_KIND_SERVER"
        assert sent.attributes["http.response.status_code"] == 200
        assert 0 < sent.milliseconds < 10_000
        assert sent.resource["service.name"] == "hyred-chat"
        batch = await collector.wait_for("store messages")
        assert (batch.kind, batch.attributes["db.operation.batch.size"]) == ("SPAN_KIND_CLIENT", 1)
        push = await collector.wait_for("push fcm")
        assert (push.status, push.attributes["hyred.push.outcome"]) == ("STATUS_CODE_UNSET", "accepted")

        asked = await collector.wait_for("GET /api/chat/rooms/{room_id}")
        assert asked.attributes["hyred.request_id"] == nothing.headers["X-Request-Id"]
        # A caller is linked, and decides nothing: neither the trace nor whether it is sampled.
        assert asked.links == [base64.b64encode(bytes.fromhex(CALLER)).decode()]
        assert asked.trace_id not in asked.links
        await chat.server.stop()
        assert not [span for span in collector.spans.all if "health" in span.name]
        everything = repr(collector.spans.all)
        for secret in ("salary", phone.token, va.token, va.id, room_id, "@"):
            assert secret not in everything
