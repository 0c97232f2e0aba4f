"""Whether pushes can leave: the providers' credentials, and somebody who takes what is due."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.doctor.findings import Finding, ok, problem, warning
from hyred_chat.push.channels import Outcome, Postponed
from hyred_chat.push.fcm import Fcm
from hyred_chat.push.google_tokens import ServiceAccount, ServiceAccountError, load_service_account
from hyred_chat.push.vapid import FILE_NAME, VapidKey

SUBJECT = "push"
QUEUE = "push queue"
TIMEOUT_SECONDS = 5.0
# A worker looks twice a second; what it has in hand, or tries again, is due later. What waits longer, nobody takes.
LATE_SECONDS = 60.0
MAX_COUNTED = 10_000
# No answer, or one without a token.
NO_TOKEN = frozenset({"unreachable", "timeout", "no_access_token"})

_NEW_KEY = 'python -c "from hyred_chat.push.vapid import new_private_key; print(new_private_key())"'

_LATE = f"""
    SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(due_at)), 0)::float8 AS seconds FROM (
        SELECT due_at FROM notifications WHERE due_at < now() - {LATE_SECONDS} * interval '1 second'
        ORDER BY due_at LIMIT {MAX_COUNTED}
    ) late
"""  # noqa: S608  # put together from constants


# What providers said of the last hour's pushes to devices. That a device is gone is no refusal.
_ANSWERS = f"""
    SELECT state = 'sent' AS is_taken, reason, count(*) AS count FROM (
        SELECT state, reason FROM notification_events
        WHERE at > now() - interval '1 hour' AND device_id IS NOT NULL AND state IN ('sent', 'scheduled', 'failed')
          AND reason NOT IN ('unregistered', 'sender_id_mismatch', 'bad_keys', 'http_404', 'http_410')
        ORDER BY at DESC LIMIT {MAX_COUNTED}
    ) answer
    GROUP BY 1, 2 ORDER BY 1, 3 DESC
"""  # noqa: S608  # put together from constants


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What the queue says.

    Attributes:
        late: how many notifications (at most `MAX_COUNTED`) nobody has taken in time.
        seconds: since when the oldest of them is due.
        taken: pushes that providers took in the last hour.
        refused: those that they did not, by reason, the most frequent first.
    """

    late: int
    seconds: float
    taken: int = 0
    refused: tuple[tuple[str, int], ...] = ()


async def read_queue(url: str, schema: str) -> QueueFacts:
    """Ask the database. Raises UnavailableError."""
    database = await Database.connect(url, schema=schema, pool_size=1, timeout_seconds=TIMEOUT_SECONDS)
    try:
        async with database.connection() as connection:
            late, seconds = (await connection.fetch(_LATE))[0]
            answers = await connection.fetch(_ANSWERS)
    finally:
        await database.close()
    return QueueFacts(
        late,
        seconds,
        taken=sum(row["count"] for row in answers if row["is_taken"]),
        refused=tuple((row["reason"], row["count"]) for row in answers if not row["is_taken"]),
    )


def judge_queue(facts: QueueFacts, settings: Settings) -> Iterator[Finding]:
    """What the queue means."""
    yield _judge_waiting(facts, settings)
    refused = sum(count for _, count in facts.refused)
    if refused > facts.taken:
        yield warning(
            QUEUE,
            f"In the last hour providers took {facts.taken} pushes and did not take {refused}, most of them because of "
            f"{facts.refused[0][0]}. docs/notifications.md says what that means.",
        )


def _judge_waiting(facts: QueueFacts, settings: Settings) -> Finding:
    if not facts.late:
        return ok(QUEUE, "No notification waits for a worker.")
    count = f"{MAX_COUNTED} notifications or more" if facts.late == MAX_COUNTED else f"{facts.late} notifications"
    advice = (
        "Start hyred-chat serve; if it runs, read its log."
        if settings.push_worker
        else "HYRED_PUSH_WORKER is false: start hyred-chat worker; if one runs, read its log."
    )
    return warning(
        QUEUE,
        f"{count} should have left, the first {facts.seconds / 60:.0f} min ago, and no worker took them. {advice}",
    )


def check_providers(settings: Settings) -> Iterator[Finding]:
    """Which providers are configured, and whether their credentials are such."""
    fcm, browsers = _check_fcm(settings), _check_web_push(settings)
    if fcm is None and browsers is None:
        level = warning if settings.is_production else ok
        yield level(
            SUBJECT,
            "No provider is configured: people see notifications in the chat only. HYRED_FCM_SERVICE_ACCOUNT is for "
            "phones, HYRED_VAPID_PRIVATE_KEY for browsers.",
        )
    yield from (finding for finding in (fcm, browsers) if finding is not None)


def _check_fcm(settings: Settings) -> Finding | None:
    path = settings.fcm_service_account
    if path is None:
        return None
    try:
        account = load_service_account(path)
    except ServiceAccountError as error:
        return problem(
            SUBJECT,
            f"HYRED_FCM_SERVICE_ACCOUNT: {path} {error} Get one in the Firebase console: Project settings, Service "
            "accounts, Generate new private key.",
        )
    outcome = asyncio.run(_probe(account, settings.fcm_url))
    if not isinstance(outcome, Postponed):
        return ok(SUBJECT, f"Phones are pushed by FCM, project {account.project_id}.")
    if outcome.reason in NO_TOKEN:
        return problem(
            SUBJECT,
            f"Google gives {account.email} no access token ({outcome.reason}). Check that the account has this key, "
            "this machine's clock, and its access to the internet.",
        )
    return problem(
        SUBJECT,
        f"FCM takes no pushes from {account.email} for project {account.project_id} ({outcome.reason}). Check that the "
        "project exists, that the Firebase Cloud Messaging API is enabled in it, and that the account may send.",
    )


async def _probe(account: ServiceAccount, url: str) -> Outcome:
    fcm = Fcm(account, url=url, timeout_seconds=TIMEOUT_SECONDS, connections=1)
    try:
        return await fcm.probe()
    finally:
        await fcm.close()


def _check_web_push(settings: Settings) -> Finding | None:
    given = settings.vapid_private_key
    if given is not None:
        return _check_key(given.get_secret_value(), "HYRED_VAPID_PRIVATE_KEY", f"Make one: {_NEW_KEY}")
    if settings.is_production or not settings.uses_embedded_database:
        return None
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        return ok(SUBJECT, f"Browsers are pushed with a key that the first start makes in {settings.data_dir}.")
    try:
        return _check_key(
            path.read_text(encoding="utf-8").strip(), str(path), "Delete it, and the next start makes one."
        )
    except (OSError, ValueError):
        return problem(SUBJECT, f"{path} cannot be read. Make it readable for the user who runs the server.")


def _check_key(key: str, place: str, advice: str) -> Finding:
    try:
        VapidKey(key, "mailto:doctor@localhost")
    except ValueError as error:
        return problem(SUBJECT, f"{place}: {error} {advice}")
    return ok(SUBJECT, "Browsers are pushed by Web Push.")
