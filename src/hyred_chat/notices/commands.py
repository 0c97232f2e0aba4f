"""`hyred-chat notify`: a notice from a shell."""

from typing import Any

import orjson

from hyred_chat.audit.service import Audit
from hyred_chat.db.pool import Database
from hyred_chat.errors import BadRequestError
from hyred_chat.notices.schemas import PostedNotice, PostNotice
from hyred_chat.notices.service import Notices
from hyred_chat.notifications.signals import NotifyTeller
from hyred_chat.validation import validate

POOL_SIZE = 2


def notice_of(*, data: str, **fields: Any) -> PostNotice:
    """The request that a host would send; `data` is JSON. Raises BadRequestError."""
    try:
        parsed = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise BadRequestError("data: is not valid JSON.") from None
    return validate(PostNotice, {**fields, "data": parsed})


async def post_notice(url: str, schema: str, request: PostNotice) -> PostedNotice:
    """Post it to a database that a server, or a worker, works on. Raises as `Notices.post` does."""
    database = await Database.connect(url, schema=schema, pool_size=POOL_SIZE)
    try:
        return await Notices(database, NotifyTeller(database.schema), Audit(database)).post(request)
    finally:
        await database.close()
