"""Whether a Redis can be used at all, found out before anybody is served."""

import asyncio

from redis.asyncio.sentinel import MasterNotFoundError
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    RedisClusterException,
    ResponseError,
)

from hyred_chat.broker.address import Address, Endpoint
from hyred_chat.broker.cancellation import heeded_cancellation
from hyred_chat.broker.deployments import LIBRARY_ERRORS, Deployment, Placement
from hyred_chat.broker.errors import BrokerAwayError, BrokerStartError
from hyred_chat.broker.inspection import read_facts

LEAST_VERSION = 7
TIMEOUT_SECONDS = 5.0
_CHECK_URL = "Check HYRED_REDIS_URL"


async def check_usable(deployment: Deployment, address: Address) -> Placement:
    """Ask every server. Returns where the partitions are. Raises BrokerStartError or BrokerAwayError."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            with heeded_cancellation():
                placement = await deployment.locate()
            for endpoint in placement:
                check_server(await read_facts(deployment, endpoint), endpoint, address)
    except TimeoutError as error:
        raise BrokerAwayError(
            f"Redis does not answer ({address}). {_CHECK_URL}, that the server runs, and that no firewall is between."
        ) from error
    except LIBRARY_ERRORS as error:
        raise _explain(error, address) from error
    if not placement:
        raise BrokerStartError(f"No server has the slots of {address}. {_CHECK_URL}, and `redis-cli --cluster check`.")
    return placement


def check_server(facts: dict[str, str], endpoint: Endpoint, address: Address) -> None:
    """Raises BrokerStartError for a server that cannot be used."""
    version = facts.get("redis_version", "0")
    if int(version.partition(".")[0]) < LEAST_VERSION:
        raise BrokerStartError(
            f"Redis at {endpoint} is version {version}, and {LEAST_VERSION} is needed. Upgrade it, or use Valkey 8."
        )
    if facts.get("role") in {"slave", "replica"}:
        raise BrokerStartError(
            f"Redis at {endpoint} is a read-only replica. Name its primary, "
            f"{facts.get('master_host', 'unknown')}:{facts.get('master_port', '')}, in HYRED_REDIS_URL, or use "
            "Sentinel (redis+sentinel://…)."
        )
    is_cluster = "cluster" in {facts.get("redis_mode"), facts.get("server_mode")}  # Redis and Valkey
    if is_cluster and address.kind != "cluster":
        raise BrokerStartError(
            f"Redis at {endpoint} is part of a cluster: begin HYRED_REDIS_URL with redis+cluster://."
        )


def _explain(error: Exception, address: Address) -> BrokerStartError:
    if isinstance(error, (AuthenticationError, NoPermissionError)) or "NOAUTH" in str(error):
        return BrokerStartError(
            f"Redis refuses the user or the password ({address}). {_CHECK_URL} and the server's ACL."
        )
    if isinstance(error, MasterNotFoundError):
        return BrokerAwayError(
            f"No Sentinel knows a primary named {address.service} ({address}). {_CHECK_URL}, and `SENTINEL masters`."
        )
    if isinstance(error, RedisClusterException):
        return BrokerAwayError(
            f"No cluster answers ({address}: {error}). {_CHECK_URL}; for one server it begins with redis://."
        )
    if isinstance(error, ResponseError):
        return BrokerStartError(
            f"Redis refuses to work with us ({address}): {error}. Redis {LEAST_VERSION} or Valkey 8 is needed."
        )
    reason = str(error).rstrip(".") or "no answer"
    return BrokerAwayError(f"Redis cannot be reached ({address}): {reason}. {_CHECK_URL}, and that the server runs.")
