"""Files as a part of the service."""

import re

from hyred_chat.files import endpoints, serving_endpoints, upload_endpoints
from hyred_chat.files.clamd import Clamd
from hyred_chat.files.examination import Examination
from hyred_chat.files.examiner_process import ExaminerProcess
from hyred_chat.files.metrics import describe_files
from hyred_chat.files.opening import open_store
from hyred_chat.files.removal import Removal
from hyred_chat.files.service import FILE_UPDATED, FileBounds, Files
from hyred_chat.files.serving import Serving
from hyred_chat.files.uploads import Uploads
from hyred_chat.limits import RateLimit
from hyred_chat.messages.part import MessagesPart
from hyred_chat.metrics.registry import Metrics
from hyred_chat.moments import DAY_SECONDS
from hyred_chat.parts import Foundation, Part
from hyred_chat.personal_data.part import PersonalDataPart
from hyred_chat.presence.part import PresencePart
from hyred_chat.rooms.part import RoomsPart


class FilesPart(Part):
    """What people attach to messages."""

    # The last of them takes whatever follows a file's id.
    routers = (
        endpoints.router,
        upload_endpoints.open_router,
        upload_endpoints.router,
        serving_endpoints.moderators_router,
        serving_endpoints.router,
    )
    streamed_paths = (re.compile(r"/api/chat/files/[^/]+/upload"),)
    exposed_headers = upload_endpoints.EXPOSED_HEADERS

    def __init__(
        self,
        base: Foundation,
        rooms: RoomsPart,
        messages: MessagesPart,
        *,
        presence: PresencePart,
        personal_data: PersonalDataPart,
    ) -> None:
        settings, database = base.settings, base.database
        self._store = open_store(settings)
        personal_data.exports.store = self._store
        self._files = Files(
            database,
            self._store,
            rooms.rooms,
            messages.history,
            base.hub,
            bounds=FileBounds(settings.max_file_bytes, settings.max_file_bytes_per_day),
            tell_elsewhere=lambda user_id, payload: presence.elsewhere.emit(FILE_UPDATED, {user_id: [payload]}),
            on_announced=lambda: self._examination.expect(),  # noqa: PLW0108  # it is made below
        )
        self._examination = Examination(
            database,
            self._store,
            settings.work_folder,
            examiner=ExaminerProcess(),
            tell=self._files.tell,
            scanner=None if settings.clamd_url is None else Clamd(settings.clamd_url),
        )
        self._uploads = Uploads(database, self._store, tell=self._files.tell, on_whole=self._examination.wake)
        rate = RateLimit(burst=settings.rate_limit_downloads_burst, per_minute=settings.rate_limit_downloads_per_minute)
        self._serving = Serving(database, self._store, rate)
        self.background = (
            self._examination,
            Removal(database, self._store, held_seconds=settings.report_file_days * DAY_SECONDS),
        )

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"files": self._files, "uploads": self._uploads, "file_serving": self._serving}

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        describe_files(metrics, self._uploads, self._examination, self._serving)

    def silence(self) -> None:
        """See `Part`. Transfers may take minutes, for which nobody waits."""
        self._uploads.stop()
        self._serving.stop()

    async def close(self) -> None:
        """See `Part`."""
        await self._store.close()
