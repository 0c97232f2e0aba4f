"""Provisioning people: a host says how somebody should be, as often as it likes."""

import asyncpg

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.administration import repository
from hyred_chat.administration.repository import KnownUser
from hyred_chat.administration.schemas import ProvisionedUser, UserBody
from hyred_chat.blocks.service import Blocks
from hyred_chat.db.emails import email_key
from hyred_chat.db.pool import Connection, Database
from hyred_chat.devices.service import Devices
from hyred_chat.errors import ConflictError, NotFoundError, UnavailableError

MAX_DOUBTFUL = 10_000


class UserProvisioning:
    """People, written by their host. Whoever listens to `Accounts.on_change` hears of what has really changed."""

    def __init__(self, database: Database, accounts: Accounts, devices: Devices, blocks: Blocks) -> None:
        self._devices = devices
        self._blocks = blocks
        self._database = database
        self._accounts = accounts
        # Whose last change was refused as unavailable.
        self._doubtful: dict[str, None] = {}

    async def get(self, user_id: str) -> ProvisionedUser:
        """Somebody, disabled or not. Raises NotFoundError."""
        async with self._database.connection() as connection:
            known = await repository.find_user(connection, user_id)
        if known is None:
            raise NotFoundError("There is no such user.")
        return known.user

    async def save(self, user_id: str, body: UserBody) -> ProvisionedUser:
        """Make somebody, or make them so: the same request again changes nothing.

        Raises:
            ConflictError: the e-mail address is somebody else's, or this person was erased.
        """
        unblocked = None
        try:
            async with self._database.transaction(f"user {user_id}") as connection:
                await repository.lock_user(connection, user_id)
                if await repository.is_erased(connection, user_id):
                    raise ConflictError("This person was erased. Use another id.")
                before = await repository.find_user(connection, user_id)
                after = await self._store(connection, user_id, body, before)
                if after.role == "admin" and before is not None and before.user.role != "admin":
                    unblocked = await self._blocks.end_all_of(connection, user_id)
        except asyncpg.UniqueViolationError:
            raise ConflictError("This e-mail address is somebody else's.") from None
        except UnavailableError:
            # It may have been committed all the same, and then the host's next attempt finds nothing to change.
            self._doubtful[user_id] = None
            if len(self._doubtful) > MAX_DOUBTFUL:
                del self._doubtful[next(iter(self._doubtful))]
            raise
        self._blocks.follow(unblocked)
        was_doubtful = user_id in self._doubtful
        self._doubtful.pop(user_id, None)
        if was_doubtful or before is None or before.user != after:
            user = User(id=after.id, name=after.name, avatar=after.avatar, role=after.role)
            self._accounts.announce(UserChange(user, after.disabled, after.email))
        return after

    async def _store(
        self, connection: Connection, user_id: str, body: UserBody, before: KnownUser | None
    ) -> ProvisionedUser:
        given = body.model_fields_set
        name = body.name if "name" in given or before is None else before.given_name
        picture = body.avatar if "avatar" in given or before is None else before.user.avatar
        disabled = body.disabled if body.disabled is not None else before is not None and before.user.disabled
        if name is None and picture is not None:
            name = body.email.partition("@")[0]  # a picture is part of a profile, and a profile has a name
        await repository.upsert_user(connection, user_id, email=body.email, role=body.role, disabled=disabled)
        await repository.replace_profile(
            connection, user_id, is_company=body.role == "company", name=name, picture=picture
        )
        if before is not None and email_key(before.user.email) != email_key(body.email):
            # Whoever signed in by the old address may have left devices here that are not this person's.
            await self._devices.remove_all(connection, user_id)
        known = await repository.find_user(connection, user_id)
        if known is None:
            raise LookupError(user_id)
        return known.user
