"""What `hyred-chat doctor` says about standbys: a real one that follows, confirms, and goes away."""

import asyncio

import asyncpg

from hyred_chat.doctor.replication import ReplicationFacts, judge_replication, read_replication
from tests.postgres import Connection, PrivatePostgres, Standby, wait_for_setting, wait_in_postgres


async def judge(connection: Connection) -> tuple[str, str] | None:
    """The level and the sentence, where there is something to say."""
    findings = list(judge_replication(await read_replication(connection)))
    assert len(findings) <= 1
    return (findings[0].level.value, findings[0].sentence) if findings else None


async def set_everywhere(connection: Connection, name: str, value: str) -> None:
    await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    await connection.execute("SELECT pg_reload_conf()")
    await wait_for_setting(connection, name, value)


async def test_a_standby_must_confirm_what_is_acknowledged(private_postgres: PrivatePostgres, standby: Standby) -> None:
    primary = await asyncpg.connect(private_postgres.url)
    await wait_in_postgres(primary, "EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming')")
    level, sentence = await judge(primary) or ("", "")
    assert level == "warning"
    assert sentence.startswith(
        "1 standby follows the database, and messages are acknowledged before a standby has them"
    )

    await set_everywhere(primary, "synchronous_standby_names", "*")
    await wait_in_postgres(primary, "EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')")
    level, sentence = await judge(primary) or ("", "")
    assert level == "ok"
    assert "survives a failover" in sentence

    await primary.execute("SET synchronous_commit = local")
    level, sentence = await judge(primary) or ("", "")
    assert level == "warning"
    assert "synchronous_commit is local" in sentence
    await primary.execute("RESET synchronous_commit")

    # An account that is shown less finds the same, as far as it can.
    await primary.execute("CREATE ROLE plain; SET ROLE plain")
    assert (await read_replication(primary)) == ReplicationFacts("*", "on", standbys=1, synchronous=None)
    assert (await judge(primary) or ("", ""))[0] == "ok"

    await asyncio.to_thread(standby.stop)
    await wait_in_postgres(primary, "NOT EXISTS (SELECT FROM pg_stat_replication)")
    level, sentence = await judge(primary) or ("", "")
    assert level == "problem"
    assert "every message waits for one" in sentence
    await primary.close()


async def test_a_database_without_standbys_is_not_talked_about(private_postgres: PrivatePostgres) -> None:
    primary = await asyncpg.connect(private_postgres.url)
    assert await judge(primary) is None
    await primary.close()
