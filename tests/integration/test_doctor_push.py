"""What `hyred-chat doctor` says of pushes: credentials that are none, and notifications that nobody takes."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.doctor.findings import Finding
from hyred_chat.doctor.push import QueueFacts, check_providers, judge_queue, read_queue
from hyred_chat.push.vapid import FILE_NAME, new_private_key
from tests.integration.commands import run_command
from tests.integration.messages.lanes import add_room
from tests.integration.notifications.queue import Queue
from tests.postgres import SCHEMA
from tests.providers.answers import Answer
from tests.providers.fcm import EMAIL, PROJECT, running_fcm

OWN_DATABASE = {"database_url": "postgresql://chat@db.example/chat"}
PRODUCTION = {"env": "production", "firebase_project_id": "hyred-12345", **OWN_DATABASE}


def findings(**fields: Any) -> list[Finding]:
    return list(check_providers(Settings.model_validate(fields)))


@pytest.mark.parametrize(
    ("fields", "level"), [(OWN_DATABASE, "ok"), (PRODUCTION, "warning")], ids=["development", "production"]
)
def test_without_providers_people_see_notifications_in_the_chat_only(fields: dict[str, Any], level: str) -> None:
    [finding] = findings(**fields)
    assert finding.level == level
    assert "HYRED_FCM_SERVICE_ACCOUNT" in finding.sentence


@pytest.mark.parametrize("text", [None, "{}", "<html>"], ids=["missing", "object", "html"])
def test_a_file_that_is_no_service_account_is_a_problem(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "account.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    [finding] = findings(fcm_service_account=path, **OWN_DATABASE)
    assert finding.level == "problem"
    assert finding.sentence.startswith(f"HYRED_FCM_SERVICE_ACCOUNT: {path} ")


async def test_a_service_account_is_tried_out(tmp_path: Path, database_url: str) -> None:
    async with running_fcm() as fcm:
        account = fcm.write_service_account(tmp_path / "account.json")
        settings = {
            "HYRED_FCM_SERVICE_ACCOUNT": str(account),
            "HYRED_FCM_URL": fcm.url,
            "HYRED_DATABASE_URL": database_url,
            "PORT": "0",
        }
        good = await doctor(settings)
        assert f"Phones are pushed by FCM, project {PROJECT}." in good
        assert "No notification waits" in good
    assert "no access token" in await doctor(settings)  # nobody answers there any more


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
        (401, "THIRD_PARTY_AUTH_ERROR"),
        (503, "UNAVAILABLE"),
        (302, ""),
    ],
)
async def test_an_account_or_project_that_fcm_takes_nothing_from_is_a_problem(
    tmp_path: Path, status: int, name: str
) -> None:
    async with running_fcm() as fcm:
        account = fcm.write_service_account(tmp_path / "account.json")
        fcm.answers.always = Answer(status, json.dumps({"error": {"status": name}}).encode())
        fields = {"fcm_service_account": account, "fcm_url": fcm.url, **OWN_DATABASE}
        [finding] = await asyncio.to_thread(findings, **fields)
        assert finding.level == "problem"
        assert f"FCM takes no pushes from {EMAIL} for project {PROJECT}" in finding.sentence
        fcm.answers.always = None
        [finding] = await asyncio.to_thread(findings, **fields)
        assert finding.level == "ok"


async def doctor(settings: dict[str, str]) -> str:
    """Its report, while this process goes on serving."""
    return (await asyncio.to_thread(run_command, "doctor", **settings)).stdout


@pytest.mark.parametrize("key", ["nonsense", "x", "A" * 43, "=" * 43, "_" * 43])
def test_a_key_that_is_none_is_a_problem(key: str) -> None:
    [finding] = findings(vapid_private_key=key, **OWN_DATABASE)
    assert finding.level == "problem"
    assert finding.sentence.startswith("HYRED_VAPID_PRIVATE_KEY: must be 32 bytes in base64url")


def test_a_key_is_well() -> None:
    [finding] = findings(vapid_private_key=new_private_key(), **OWN_DATABASE)
    assert finding.level == "ok"


def test_the_key_beside_the_embedded_database_is_looked_at_and_never_made(tmp_path: Path) -> None:
    [finding] = findings(data_dir=tmp_path)
    assert (finding.level, list(tmp_path.iterdir())) == ("ok", [])
    (tmp_path / FILE_NAME).write_text("nonsense", encoding="ascii")
    [finding] = findings(data_dir=tmp_path)
    assert finding.level == "problem"
    (tmp_path / FILE_NAME).write_text(new_private_key(), encoding="ascii")
    [finding] = findings(data_dir=tmp_path)
    assert finding.level == "ok"


async def test_notifications_that_nobody_takes_are_counted(database: Database, database_url: str) -> None:
    room_id = await add_room(database, "room", "ana", "ben", "cem")
    await Queue(database).store(room_id, "ana")
    assert await read_queue(database_url, SCHEMA) == QueueFacts(0, 0.0)
    async with database.connection() as connection:
        await connection.execute("UPDATE notifications SET due_at = now() - interval '10 min'")
    facts = await read_queue(database_url, SCHEMA)
    assert facts.late == 2
    assert facts.seconds == pytest.approx(600, abs=30)


@pytest.mark.parametrize(
    ("has_worker", "advice"), [(True, "Start hyred-chat serve"), (False, "start hyred-chat worker")]
)
def test_a_worker_that_is_missing_is_asked_for(*, has_worker: bool, advice: str) -> None:
    [finding] = judge_queue(QueueFacts(7, 180.0), Settings(push_worker=has_worker))
    assert finding.level == "warning"
    assert "7 notifications should have left, the first 3 min ago" in finding.sentence
    assert advice in finding.sentence


async def test_what_providers_refuse_all_the_time_is_told_with_its_reason(
    database: Database, database_url: str
) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    queue = Queue(database)
    await queue.store(room_id, "ana")
    row = await queue.row(room_id, "ben")

    async def add(count: int, state: str, reason: str, device: str | None = "phone", age: str = "1 min") -> None:
        async with database.connection() as connection:
            await connection.execute(
                "INSERT INTO notification_events (notification_id, at, state, device_id, reason)"
                " SELECT $1, now() - $2::text::interval, $3, $4, $5 FROM generate_series(1, $6::int)",
                *(row["id"], age, state, device, reason, count),
            )

    async def refusals() -> list[str]:
        judged = judge_queue(await read_queue(database_url, SCHEMA), Settings())
        return [finding.sentence for finding in judged if finding.level == "warning"]

    await add(50, "failed", "unregistered")
    await add(50, "failed", "http_403", age="2 hours")
    await add(50, "scheduled", "log", device=None)
    await add(3, "sent", "fcm")
    await add(2, "failed", "http_403")
    assert await refusals() == []
    await add(9, "scheduled", "permission_denied")
    [sentence] = await refusals()
    assert "took 3 pushes and did not take 11, most of them because of permission_denied" in sentence
