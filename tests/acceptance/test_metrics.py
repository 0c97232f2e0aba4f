"""What Prometheus reads of a running server: all that docs/metrics.md lists, and what people did."""

import re
from pathlib import Path

import httpx
import pytest

from tests.acceptance.client import Client, ConnectError
from tests.acceptance.metrics import metrics_url, read_metrics
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Chat

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def documented() -> tuple[dict[str, str], dict[str, str]]:
    """The type of each metric, by the page's tables: of those that every server has, and of those about Redis."""
    before, redis, after = re.split(r"^## (?:Redis|REST)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    row = re.compile(r"^\| `(\w+)` \| (counter|gauge|histogram) \|", re.MULTILINE)
    return dict(row.findall(before + after)), dict(row.findall(redis))


async def test_every_metric_is_documented_and_every_documented_one_is_exposed(chat: Chat) -> None:
    assert (await read_metrics(chat.server)).types == documented()[0]


@pytest.mark.parametrize("standing_nodes", ["told by the broker"], indirect=True)
async def test_with_a_broker_there_are_those_about_redis_too(nodes: TwoNodes) -> None:
    everywhere, about_redis = documented()
    va, company, room_id = await nodes.chat.pair()
    reader = await company.connect(join=room_id)
    await nodes.post_message(va, room_id, "Hello")
    await reader.wait_for("new_message")
    metrics = await read_metrics(nodes.chat.server)
    assert metrics.types == everywhere | about_redis
    assert metrics.value("hyred_redis_state", state="connected") == 1
    assert metrics.value("hyred_redis_frames_total", outcome="received") > 0
    assert metrics.value("hyred_crossing_seconds_count") > 0


async def test_metrics_have_an_address_of_their_own(chat: Chat) -> None:
    assert (await chat.http.get("/metrics")).status_code == 404
    elsewhere = metrics_url(chat.server).removesuffix("metrics")
    async with httpx.AsyncClient(base_url=elsewhere) as client:
        assert (await client.get("/")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405


async def test_a_message_is_counted_from_its_acceptance_to_its_delivery(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    sender, reader = await va.connect(join=room_id), await company.connect(join=room_id)
    before = await read_metrics(chat.server)
    await sender.send(room_id, "Hello", clientMessageId=f"{room_id}-1")
    await sender.send(room_id, "Hello", clientMessageId=f"{room_id}-1")
    await va.post_message(room_id, "Hello again")
    for _ in range(2):
        await reader.wait_for("new_message")
    after = await read_metrics(chat.server)

    def grown(name: str, **labels: str) -> float:
        return after.value(name, **labels) - before.value(name, **labels)

    assert grown("hyred_sends_total", interface="socket") == 2
    assert grown("hyred_sends_total", interface="rest") == 1
    assert grown("hyred_acknowledgements_total", outcome="stored") == 2
    assert grown("hyred_acknowledgements_total", outcome="repeat") == 1
    assert grown("hyred_deliveries_total") == 4
    assert grown("hyred_batch_messages_sum") == 3
    for name in ("hyred_batch_seconds", "hyred_acknowledgement_seconds", "hyred_delivery_seconds"):
        assert grown(f"{name}_count") == 3
        assert 0 < grown(f"{name}_sum") < 3
    assert after.value("hyred_sends_waiting") == 0


async def test_changes_are_counted_by_kind_and_by_what_became_of_them(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    message = await va.post_message(room_id, "Hello")
    before = await read_metrics(chat.server)
    edit = {"messageId": message["id"], "content": "Hello again"}
    await mine.ask("edit_message", edit)
    await mine.ask("edit_message", edit)
    await mine.call("edit_message", edit | {"content": "And again", "ifChange": 0})
    await theirs.call("edit_message", edit | {"content": "Not mine"})
    await theirs.ask("react", {"messageId": message["id"], "emoji": "👍", "on": True})
    await mine.ask("pin_message", {"messageId": message["id"], "on": True})
    await mine.ask("delete_message", {"messageId": message["id"]})
    await theirs.wait_for("message_changed", lambda event: event["change"] == 4)
    after = await read_metrics(chat.server)
    name = "hyred_changes_total"
    counts = {
        (kind, outcome): after.value(name, kind=kind, outcome=outcome) - before.value(name, kind=kind, outcome=outcome)
        for kind in ("edit", "deletion", "reaction", "pin")
        for outcome in ("changed", "unchanged", "conflict", "refused")
    }
    edits = {("edit", outcome): 1 for outcome in ("changed", "unchanged", "conflict", "refused")}
    changed = {(kind, "changed"): 1 for kind in ("deletion", "reaction", "pin")}
    assert {key: count for key, count in counts.items() if count} == edits | changed
    name = "hyred_change_acknowledgement_seconds"
    assert after.value(f"{name}_count") - before.value(f"{name}_count") == 7
    assert 0 < after.value(f"{name}_sum") - before.value(f"{name}_sum") < 7
    name = "hyred_change_deliveries_total"
    assert after.value(name) - before.value(name) == 8


async def test_sockets_are_counted_by_transport_and_by_how_they_ended(chat: Chat) -> None:
    va = await chat.person()
    before = await read_metrics(chat.server)
    await va.connect(transports=["websocket"])
    polling = await va.connect(transports=["polling"])
    during = await read_metrics(chat.server)
    for transport in ("websocket", "polling"):
        for name in ("hyred_sockets", "hyred_sockets_opened_total"):
            assert during.value(name, transport=transport) - before.value(name, transport=transport) == 1
    assert during.value("hyred_users_connected") - before.value("hyred_users_connected") == 1
    assert during.value("hyred_connects_total", outcome="ok") - before.value("hyred_connects_total", outcome="ok") == 2
    await polling.disconnect()
    after = await read_metrics(chat.server)
    assert after.value("hyred_sockets", transport="polling") == before.value("hyred_sockets", transport="polling")
    closed = "hyred_sockets_closed_total"
    assert after.value(closed, reason="transport close") - before.value(closed, reason="transport close") == 1


async def test_refusals_are_counted_by_code(chat: Chat) -> None:
    _, _, room_id = await chat.pair()
    stranger = await chat.person("Sam")
    before = await read_metrics(chat.server)
    client = await stranger.connect()
    refusal = await client.call("send_message", {"chatRoomId": room_id, "content": "Hello"})
    assert refusal["code"] == "access_denied"
    assert (await stranger.get(f"/api/chat/rooms/{room_id}")).code == "access_denied"
    with pytest.raises(ConnectError):
        await Client().connect(chat.server.url, {"token": "nonsense"})
    after = await read_metrics(chat.server)
    for name in ("hyred_event_refusals_total", "hyred_http_refusals_total"):
        assert after.value(name, code="access_denied") - before.value(name, code="access_denied") == 1
    connects = after.value("hyred_connects_total", outcome="unauthenticated")
    assert connects - before.value("hyred_connects_total", outcome="unauthenticated") == 1
    refused = after.value("hyred_acknowledgements_total", outcome="refused")
    assert refused - before.value("hyred_acknowledgements_total", outcome="refused") == 1
    answered = after.value("hyred_http_responses_total", status="403")
    assert answered - before.value("hyred_http_responses_total", status="403") == 1
