"""The examination: every check in turn, each as soon as it is known."""

import asyncio
import os
from collections.abc import Iterator

from hyred_chat.config import ConfigurationError, Settings, load_settings
from hyred_chat.database_address import database_address
from hyred_chat.db.embedded import PostgresStartError
from hyred_chat.db.migrate import MigrationError
from hyred_chat.doctor.configuration import check_configuration
from hyred_chat.doctor.database import Deployment, check_schema, judge, read_facts
from hyred_chat.doctor.exposure import check_exposure
from hyred_chat.doctor.files import check_files
from hyred_chat.doctor.findings import Finding, Level, problem
from hyred_chat.doctor.observability import check_metrics, check_traces
from hyred_chat.doctor.port import check_port
from hyred_chat.doctor.push import check_providers, judge_queue, read_queue
from hyred_chat.doctor.python import check_python
from hyred_chat.doctor.redis import check_redis
from hyred_chat.doctor.sign_in import check_key_set
from hyred_chat.errors import UnavailableError


def examine(deployment: Deployment) -> Iterator[Finding]:
    """Check the environment's settings, then the world they point to. Without valid settings there is no world.

    Args:
        deployment: how many of ours use the database.
    """
    try:
        settings = load_settings()
    except ConfigurationError as error:
        yield problem("configuration", str(error))
        return
    yield from check_configuration(settings)
    yield from check_exposure(settings)
    yield check_python()
    yield from _check_database(settings, deployment)
    yield from check_redis(settings)
    yield check_key_set(settings)
    yield from check_providers(settings)
    yield check_port(settings)
    yield from check_metrics(settings)
    yield from check_traces(os.environ)


def _check_database(settings: Settings, deployment: Deployment) -> Iterator[Finding]:
    try:
        with database_address(settings) as url:
            facts = asyncio.run(read_facts(url, settings.database_schema))
            yield from judge(facts, settings, deployment)
            schema = check_schema(url, settings.database_schema)
            yield schema
            if schema.level is Level.OK:
                yield from judge_queue(asyncio.run(read_queue(url, settings.database_schema)), settings)
                yield from check_files(settings, url)
    except (PostgresStartError, UnavailableError, MigrationError) as error:
        yield problem("database", f"{error} {_advice(settings)}")


def _advice(settings: Settings) -> str:
    return f"Look into {settings.data_dir}." if settings.uses_embedded_database else "Check HYRED_DATABASE_URL."
