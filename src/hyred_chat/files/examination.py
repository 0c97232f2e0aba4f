"""Files that have come whole: examined one after another, by whichever process has a hand free."""

import asyncio
import logging
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, get_args

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.files import repository
from hyred_chat.files.clamd import Clamd, ScanFailedError
from hyred_chat.files.examiner_process import ExaminerProcess
from hyred_chat.files.names import with_extension
from hyred_chat.files.repository import FileRow, Findings, Segment
from hyred_chat.files.schemas import FileState, Reason
from hyred_chat.files.stores import Store
from hyred_chat.files.uploads import Tell
from hyred_chat.histograms import Histogram
from hyred_chat.log_fields import as_id

logger = logging.getLogger(__name__)

# What another process has left is found so late.
POLL_SECONDS: Final = 10.0
RETRY_SECONDS: Final = 2.0
# Nobody else examines a file for so long: longer than an examination with all that is read and written for it takes.
CLAIM_SECONDS: Final = 180.0
MAX_ATTEMPTS: Final = 5
# Owners that are remembered, so that they take turns.
MAX_LATELY: Final = 1000
ABANDONED_SECONDS: Final = 3600.0
# Of what no look was taken at, the content is kept as it came.
CONTENT: Final = "content"


class Examination:
    """Examines files, one at a time.

    Their owners take turns: one file may take half a minute, and however many somebody has, others wait for one.

    Args:
        folder: where files are while they are looked at.
        examiner: looks at them.
        scanner: looks for viruses in them before; None: nobody does.
        tell: see `Files.tell`.

    Attributes:
        outcomes: how many files came out how: `ready`, or the reason of a refusal.
        seconds: how long each took.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        folder: Path,
        *,
        examiner: ExaminerProcess,
        tell: Tell,
        scanner: Clamd | None = None,
    ) -> None:
        self.outcomes: dict[str, int] = {"ready": 0, **dict.fromkeys(get_args(Reason), 0)}
        self.seconds = Histogram()
        self._database = database
        self._store = store
        self._folder = folder
        self._examiner = examiner
        self._scanner = scanner
        self._tell = tell
        self._wake = asyncio.Event()
        self._is_expecting = False
        # Whose files were examined, the last one at the end.
        self._lately: dict[str, None] = {}

    def wake(self) -> None:
        """There is something to be examined."""
        self._wake.set()

    def expect(self) -> None:
        """Something is about to come: have ready whoever looks at it."""
        if not self._examiner.is_there:
            self._is_expecting = True
            self._wake.set()

    async def run(self) -> None:
        """Examine what comes, until cancelled."""
        try:
            while True:
                self._wake.clear()
                if self._is_expecting:
                    self._is_expecting = False
                    await self._examiner.prepare()
                wait_seconds = POLL_SECONDS
                try:
                    while await self._examine_next():
                        pass
                except UnavailableError:
                    wait_seconds = RETRY_SECONDS
                except Exception:
                    logger.exception("A file could not be examined; trying again")
                    wait_seconds = RETRY_SECONDS
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_seconds):
                        await self._wake.wait()
        finally:
            await self._examiner.close()

    async def _examine_next(self) -> bool:
        """Examine the oldest file that waits; whether there was one."""
        async with self._database.connection() as connection:
            file = await repository.claim(connection, seconds=CLAIM_SECONDS, lately=list(self._lately))
            segments = [] if file is None else await repository.list_segments(connection, file.id)
        if file is None:
            return False
        self._note_turn_of(file.owner_id)
        started_at = time.monotonic()
        if file.attempts > MAX_ATTEMPTS:
            logger.error("A file could not be examined in %d attempts", MAX_ATTEMPTS, extra={"file_id": as_id(file.id)})
            await self._finish(file, Findings("refused", "failed"), segments)
            return True
        folder = await asyncio.to_thread(self._make_folder)
        try:
            source = folder / "source"
            await self._store.gather(file.id, [(each.name, each.size) for each in segments], source)
            findings = await self._scan(file, source) or await self._look(file, folder, source)
        except UnavailableError:
            # That is no fault of the file's.
            async with self._database.connection() as connection:
                await repository.give_back(connection, file, seconds=RETRY_SECONDS)
            raise
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        await self._finish(file, findings, segments)
        self.seconds.observe(time.monotonic() - started_at)
        return True

    def _note_turn_of(self, owner_id: str) -> None:
        self._lately.pop(owner_id, None)
        self._lately[owner_id] = None
        if len(self._lately) > MAX_LATELY:
            del self._lately[next(iter(self._lately))]

    def _make_folder(self) -> Path:
        """A folder for one examination. Those of processes that were killed are removed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for each in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - each.stat().st_mtime > ABANDONED_SECONDS:
                    shutil.rmtree(each, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._folder))

    async def _scan(self, file: FileRow, source: Path) -> Findings | None:
        """Have a scanner look for viruses; None when there is none, or nobody looks."""
        if self._scanner is None:
            return None
        try:
            virus = await self._scanner.find_virus(source)
        except ScanFailedError as error:
            logger.error("The virus scanner could not look at a file: %s", error, extra={"file_id": as_id(file.id)})  # noqa: TRY400  # it says all
            return Findings("refused", "failed")
        if virus is None:
            return None
        logger.warning("A virus was found in a file: %s", virus, extra={"file_id": as_id(file.id)})
        return Findings("refused", "infected")

    async def _look(self, file: FileRow, folder: Path, source: Path) -> Findings:
        """Have a file looked at, and what is to be kept of it stored."""
        seen = await self._examiner.examine(source, folder, size=file.declared_size, is_voice=file.is_voice)
        if (reason := seen.get("reason")) is not None:
            return Findings("refused", reason)
        content = folder / CONTENT if seen.get("isContent") else source
        previews = {name: folder / name for name in seen.get("previews", ())}
        sizes = await self._put(file.id, {CONTENT: content} | previews)
        extension = seen.get("extension")
        return Findings(
            "ready",
            name=None if extension is None else with_extension(file.name, extension, tuple(seen["extensions"])),
            kind=seen["kind"],
            content_type=seen["contentType"],
            size=sizes[CONTENT],
            details=_details_of(seen) | {"previews": {name: sizes[name] for name in previews}},
        )

    async def _put(self, file_id: str, paths: dict[str, Path]) -> dict[str, int]:
        """Store objects by their names, all at once; their sizes. Raises `UnavailableError`."""

        async def put(name: str, path: Path) -> int:
            await self._store.put_file(file_id, name, path)
            return (await asyncio.to_thread(path.stat)).st_size

        # Nobody is left behind who still reads what is about to be removed.
        outcomes = await asyncio.gather(*(put(*each) for each in paths.items()), return_exceptions=True)
        sizes = {}
        for name, outcome in zip(paths, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                raise outcome
            sizes[name] = outcome
        return sizes

    async def _finish(self, file: FileRow, findings: Findings, segments: list[Segment]) -> None:
        """Write down how it came out, tell its owner, and delete what it came in."""
        async with self._database.connection(writes=f"file {file.id}") as connection:
            is_ours = await repository.finish(connection, file, findings)
            is_gone = not is_ours and await repository.is_removed(connection, file.id)
        if is_gone:
            await self._store.delete(file.id)  # what was put after it was deleted
        if not is_ours:
            return
        self.outcomes[findings.reason or findings.state] += 1
        self._tell(
            file.owner_id,
            FileState.model_validate({"file_id": file.id, "state": findings.state, "reason": findings.reason}),
        )
        await self._store.delete(file.id, [each.name for each in segments])


def _details_of(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: seen[name] for name in ("width", "height", "durationMs", "waveform", "placeholder") if name in seen}
