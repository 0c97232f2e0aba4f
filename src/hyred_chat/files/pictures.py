"""Files that are pictures of groups, in the transaction that changes the group. Its room is locked by then."""

from typing import Final

from hyred_chat.db.files import removal_of_files
from hyred_chat.db.pool import Connection
from hyred_chat.errors import BadRequestError
from hyred_chat.messages.attached import SentFile
from hyred_chat.messages.files import lock_files, take_files

_FIND: Final = "SELECT id FROM files WHERE id = $1 AND removed_at IS NULL"
_NOTE_USED: Final = "UPDATE files SET message_id = room_id, expires_at = NULL WHERE id = $1"
_REMOVE: Final = removal_of_files("id = $1")


async def find_picture(connection: Connection, file_id: str | None) -> str | None:
    """A group's picture, unless it was removed with its owner. No statement for none.

    What waited for the room sees by this what others have made of the file, and not by the statement that waited.
    """
    if file_id is None:
        return None
    found: str | None = await connection.fetchval(_FIND, file_id)
    return found


async def take_picture(
    connection: Connection, file_id: str, *, room_id: str, owner_id: str, replaced_id: str | None
) -> None:
    """Have a file be a group's picture, and nothing else from then on. Two statements.

    Args:
        replaced_id: the file that is the group's picture now. It is locked as well, in the order of their ids: an
            erasure locks all files of a person in that order.

    Raises:
        BadRequestError: it is no picture.
        NotFoundError: it is not there, somebody else's, or for another room.
        ConflictError: it was used before, in a message or as a picture.
        FileNotReadyError: it has not been examined yet.
        FileRefusedError: it was refused.
    """
    files = await lock_files(connection, [file_id] if replaced_id is None else [file_id, replaced_id])
    # No message has this id: whatever has the file already is another one.
    [taken] = take_files(files, [SentFile(file_id)], room_id=room_id, sender_id=owner_id, message_id="")
    if taken.kind != "image" or "preview" not in taken.previews:
        raise BadRequestError("avatar: is a file that is no picture.")
    await connection.execute(_NOTE_USED, file_id)


async def remove_picture(connection: Connection, file_id: str) -> None:
    """Have nobody get a picture any more; `files/removal.py` deletes its bytes. One statement."""
    await connection.execute(_REMOVE, file_id)
