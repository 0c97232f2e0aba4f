"""Provisioning people: a host says how somebody should be, as often as it likes."""

from collections.abc import Awaitable, Callable

import asyncpg

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.schemas import User, WorkingHours
from hyred_chat.accounts.service import Accounts
from hyred_chat.administration import repository
from hyred_chat.administration.repository import KnownUser
from hyred_chat.administration.schemas import ProvisionedUser, UserBody
from hyred_chat.audit.schemas import Action, Actor, Subject
from hyred_chat.audit.service import Audit
from hyred_chat.blocks.service import Blocks
from hyred_chat.db.emails import email_key
from hyred_chat.db.pool import Connection, Database
from hyred_chat.devices.service import Devices
from hyred_chat.doubts import Doubts
from hyred_chat.errors import BadRequestError, ConflictError, NotFoundError, UnavailableError
from hyred_chat.rooms.owners import settle_owners_of_groups_of


class UserProvisioning:
    """People, written by their host. Whoever listens to `Accounts.on_change` hears of what has really changed."""

    def __init__(
        self, database: Database, accounts: Accounts, devices: Devices, *, blocks: Blocks, audit: Audit
    ) -> None:
        self._devices = devices
        self._blocks = blocks
        self._audit = audit
        self._database = database
        self._accounts = accounts
        self._doubts = Doubts[str]()

    async def save(self, user_id: str, body: UserBody) -> ProvisionedUser:
        """Make somebody, or make them so: the same request again changes nothing.

        Raises:
            ConflictError: the e-mail address is somebody else's, or this person was erased.
        """

        async def store(connection: Connection, before: KnownUser | None) -> ProvisionedUser:
            return await self._store(connection, user_id, body, before)

        return await self._change(user_id, store)

    async def set_disabled(self, actor: Actor, user_id: str, *, disabled: bool) -> ProvisionedUser:
        """Keep somebody out of the chat, or let them back: the same again changes nothing.

        Raises:
            NotFoundError: there is no such person.
            BadRequestError: a moderator would disable themselves.
            ConflictError: the person was erased.
        """
        if disabled and actor == ("person", user_id):
            raise BadRequestError("You cannot disable yourself.")

        async def store(connection: Connection, before: KnownUser | None) -> ProvisionedUser:
            if before is None:
                raise NotFoundError("There is no such user.")
            if before.user.disabled == disabled:
                return before.user
            await repository.set_disabled(connection, user_id, disabled=disabled)
            action: Action = "user_disabled" if disabled else "user_enabled"
            await self._audit.note(connection, actor, action, Subject("user", user_id))
            return before.user.model_copy(update={"disabled": disabled})

        return await self._change(user_id, store)

    async def _change(
        self, user_id: str, store: Callable[[Connection, KnownUser | None], Awaitable[ProvisionedUser]]
    ) -> ProvisionedUser:
        """Have somebody's row changed in a transaction of its own, and tell of what has really changed.

        Args:
            store: changes the person, who is given as they were, and returns them as they are.
        """
        unblocked = None
        try:
            async with self._database.transaction(f"user {user_id}") as connection:
                await repository.lock_user(connection, user_id)
                if await repository.is_erased(connection, user_id):
                    raise ConflictError("This person was erased. Use another id.")
                before = await repository.find_user(connection, user_id)
                after = await store(connection, before)
                if before is not None and after.disabled != before.user.disabled:
                    await settle_owners_of_groups_of(connection, user_id)
                if after.role == "admin" and before is not None and before.user.role != "admin":
                    unblocked = await self._blocks.end_all_of(connection, user_id)
        except asyncpg.UniqueViolationError:
            raise ConflictError("This e-mail address is somebody else's.") from None
        except UnavailableError:
            self._doubts.note(user_id)
            raise
        self._blocks.follow(unblocked)
        if self._doubts.settle(user_id) or before is None or before.user != after:
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
        await self._store_profile(connection, user_id, body, before)
        if before is not None and email_key(before.user.email) != email_key(body.email):
            # Whoever signed in by the old address may have left devices here that are not this person's.
            await self._devices.remove_all(connection, user_id)
        known = await repository.find_user(connection, user_id)
        if known is None:
            raise LookupError(user_id)
        return known.user

    async def _store_profile(
        self, connection: Connection, user_id: str, body: UserBody, before: KnownUser | None
    ) -> None:
        """Store what the host tells of somebody besides their name. What is left out stays."""
        given = body.model_fields_set
        known = None if before is None else before.user
        hours = None if body.working_hours is None else WorkingHours(**body.working_hours.model_dump())
        await repository.update_profile(
            connection,
            user_id,
            headline=body.headline if "headline" in given or known is None else known.headline,
            time_zone=body.time_zone if "time_zone" in given or known is None else known.time_zone,
            working_hours=hours if "working_hours" in given or known is None else known.working_hours,
        )
