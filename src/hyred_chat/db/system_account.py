"""Whom PostgreSQL runs as. It refuses root, so root lends it an ordinary account and lets that account at its files."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from hyred_chat.db.access_lists import let_pass, may_pass

NAME = "hyred-postgres"


def find_account(directory: Path) -> pwd.struct_passwd | None:
    """The account to run PostgreSQL as: None for our own. Root runs it as the directory's owner, if that is not root.

    Raises:
        OSError: the account is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    owner = directory.stat().st_uid if directory.exists() else 0
    return pwd.getpwuid(owner) if owner != 0 else _get_own_account()


def hand_over(directory: Path, account: pwd.struct_passwd | None, programs: Path) -> None:
    """Make the directory the account's own, and let the account, and no other, pass through the folders on the way.

    Raises:
        PermissionError: it may not pass through one of them, and the file system cannot let it alone pass.
    """
    if account is None:
        return
    os.chown(directory, account.pw_uid, account.pw_gid)
    for folder in {*directory.parents, *programs.parents}:
        if not may_pass(folder, account.pw_uid):
            _let_pass(folder, account)
    if not programs.stat().st_mode & stat.S_IROTH:  # installed under a strict umask
        for path in (programs.parent, *programs.parent.rglob("*")):
            _allow(path, stat.S_IROTH | (stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0))


def _let_pass(folder: Path, account: pwd.struct_passwd) -> None:
    try:
        let_pass(folder, account.pw_uid)
    except OSError as error:
        raise PermissionError(
            f"the account {account.pw_name}, which runs it for root, may not pass through {folder}. Put HYRED_DATA_DIR"
            f" and the installation where it may (/var/lib, /opt), or allow it: chmod o+x {folder}"
        ) from error


def _allow(path: Path, rights: int) -> None:
    present = stat.S_IMODE(path.stat().st_mode)
    if rights & ~present:
        path.chmod(present | rights)


def _get_own_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise OSError("root cannot run it, and there is no useradd to make an account for it")
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603 (a program of ours, no shell)
    try:
        return pwd.getpwnam(NAME)
    except KeyError as error:
        raise OSError(f"root cannot run it, and the account {NAME} could not be made") from error
