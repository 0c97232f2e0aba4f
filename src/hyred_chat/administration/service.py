"""Provisioning as a whole."""

from hyred_chat.accounts.service import Accounts
from hyred_chat.administration.api_keys import ApiKeys
from hyred_chat.administration.directory import ModeratorDirectory
from hyred_chat.administration.room_service import RoomProvisioning
from hyred_chat.administration.user_service import UserProvisioning
from hyred_chat.audit.service import Audit
from hyred_chat.blocks.service import Blocks
from hyred_chat.db.pool import Database
from hyred_chat.devices.service import Devices


class Administration:
    """What host back ends and moderators may do, and the keys that let them."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        devices: Devices,
        *,
        blocks: Blocks,
        audit: Audit,
        api_keys: ApiKeys,
    ) -> None:
        self.api_keys = api_keys
        self.users = UserProvisioning(database, accounts, devices, blocks=blocks, audit=audit)
        self.rooms = RoomProvisioning(database)
        self.directory = ModeratorDirectory(database, accounts.people, self.rooms, audit)
