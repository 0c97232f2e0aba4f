"""Letting one account pass through a folder, by the folder's access control list (POSIX.1e, on Linux).

The mode of a folder knows its owner, its group and everybody: letting one more account in by it lets in all of them.
"""

import errno
import os
import stat
import struct
from pathlib import Path

# The kernel's form of a list (linux/posix_acl_xattr.h): a version, then entries of tag, permissions and id, in order.
_ATTRIBUTE = "system.posix_acl_access"
_VERSION = struct.pack("<I", 2)
_ENTRY = struct.Struct("<HHI")
_OWNER, _USER, _GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_PASS = 1


def may_pass(folder: Path, user_id: int) -> bool:
    """Whether an account, which is in no group that matters, may pass through a folder."""
    status = folder.stat()
    if status.st_uid == user_id:
        return bool(status.st_mode & stat.S_IXUSR)
    entries = _read(folder, status.st_mode)
    if (_USER, user_id) in entries:
        return bool(entries[_USER, user_id] & entries[_MASK, _NOBODY] & _PASS)
    return bool(status.st_mode & stat.S_IXOTH)


def let_pass(folder: Path, user_id: int) -> None:
    """Let one account pass through a folder: it may not list it, and nobody else may anything that they might not.

    Raises:
        OSError: the file system keeps no such lists, or the folder's may not be changed.
    """
    if not hasattr(os, "setxattr"):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
    entries = _read(folder, folder.stat().st_mode)
    entries[_USER, user_id] = entries.get((_USER, user_id), 0) | _PASS
    entries[_MASK, _NOBODY] = entries.get((_MASK, _NOBODY), entries[_GROUP, _NOBODY]) | _PASS
    packed = (_ENTRY.pack(tag, rights, owner) for (tag, owner), rights in sorted(entries.items()))
    os.setxattr(folder, _ATTRIBUTE, _VERSION + b"".join(packed))


def _read(folder: Path, mode: int) -> dict[tuple[int, int], int]:
    """Rights by tag and id. A folder without a list has the one that its mode amounts to."""
    try:
        value = os.getxattr(folder, _ATTRIBUTE)
    except (OSError, AttributeError):
        return {
            (_OWNER, _NOBODY): mode >> 6 & 7,
            (_GROUP, _NOBODY): mode >> 3 & 7,
            (_OTHERS, _NOBODY): mode & 7,
        }
    return {(tag, owner): rights for tag, rights, owner in _ENTRY.iter_unpack(value[len(_VERSION) :])}
