"""The store that `HYRED_FILES_URL` names."""

from pathlib import Path

from hyred_chat.config import ConfigurationError, Settings, variable_of
from hyred_chat.files.stores import FolderStore, Store

S3 = "s3://"
_VARIABLE = variable_of("files_url")


def open_store(settings: Settings) -> Store:
    """The store of these settings. Raises `ConfigurationError`."""
    return open_store_at(settings.store_url)


def open_store_at(url: str) -> Store:
    """The store at `file:/folder` or `s3://bucket/prefix`. Raises `ConfigurationError`."""
    if not url.startswith(S3):
        return FolderStore(Path(url.removeprefix("file:")))
    try:
        from hyred_chat.files.s3_store import S3Store  # noqa: PLC0415  # an extra
    except ImportError:
        raise ConfigurationError(
            _VARIABLE, "needs the extra packages of hyred-chat[s3]: install them with pip."
        ) from None
    try:
        return S3Store(url)
    except Exception as error:
        raise ConfigurationError(_VARIABLE, f"cannot be used: {str(error).partition(chr(10))[0]}") from error
