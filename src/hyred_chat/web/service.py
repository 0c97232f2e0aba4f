"""The built web app with the settings of this server: what answers each of its addresses."""

import hashlib
from pathlib import Path

from fastapi import Request, Response

from hyred_chat.config import Settings
from hyred_chat.errors import NotFoundError
from hyred_chat.http.envelope import encode
from hyred_chat.web.files import AppFile, read_files
from hyred_chat.web.policy import PAGE_HEADERS, content_security_policy
from hyred_chat.web.public_settings import public_settings

# Where the build of web/ writes, and what the wheel carries.
BUILD = Path(__file__).parent / "app"
PAGE, CONSOLE, WORKER = "/index.html", "/console.html", "/sw.js"
NOT_FOUND = 404
ASK_EACH_TIME = "no-cache"
# Names of assets hold the hash of their content: another content, another name.
KEEP_FOR_GOOD = "public, max-age=31536000, immutable"
KEEP_FOR_A_DAY = "public, max-age=86400"
ASSET_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Somebody may open a picture as a page of its own; it can do nothing there.
    "Content-Security-Policy": "default-src 'none'",
}
NOT_BUILT = """\
<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hyred Chat</title></head>
  <body>
    <h1>Hyred Chat is running</h1>
    <p>Its web app is not here yet, because it was not built. To get it, install Node 20.19 or newer with npm, and start
    the server again with <code>make run</code>; or install the Python wheel of a release, which carries it.</p>
    <p>Everything else works: the REST API below <code>/api</code>, and Socket.IO.</p>
  </body>
</html>
"""


class WebApp:
    """Answers requests for the page, its worker and its files.

    Attributes:
        is_built: whether there is an app to show. Without one, a page says how to get it.
    """

    def __init__(self, settings: Settings, build: Path = BUILD) -> None:
        self._settings = settings
        files = read_files(build)
        self.is_built = PAGE in files
        not_built = AppFile.of("text/html; charset=utf-8", NOT_BUILT.encode())
        # The policy is part of what a browser keeps: another policy is another version of a page, and of the worker,
        # which keeps the app's page with its headers.
        policy = content_security_policy(settings, host="")
        self._page = _under(policy, files.pop(PAGE, not_built))
        self._console = _under(policy, files.pop(CONSOLE, not_built))
        worker = files.pop(WORKER, None)
        self._worker = worker and AppFile.of(
            worker.media_type, b"%s\n// %s\n" % (worker.bodies["identity"], self._page.version.encode())
        )
        self._files = files
        self._public_settings = AppFile.of("application/json", encode(public_settings(settings)))

    def page(self, request: Request) -> Response:
        """The app's page, at whichever of its addresses."""
        return self._page.respond(request, self._page_headers(request))

    def console(self, request: Request) -> Response:
        """The page of the console for moderators. It is for anybody to load: what it shows, it asks the API for."""
        return self._console.respond(request, self._page_headers(request))

    def missing_page(self, request: Request) -> Response:
        """The page at an address where there is nothing: it says so, and leads to the conversations."""
        return self._page.respond(request, self._page_headers(request), status=NOT_FOUND)

    def worker(self, request: Request) -> Response:
        """The service worker, as a file of this server's settings.

        Raises:
            NotFoundError: there is no build.
        """
        if self._worker is None:
            raise NotFoundError("There is nothing at this address.")
        return self._worker.respond(request, self._page_headers(request))

    def settings(self, request: Request) -> Response:
        """What the page is told."""
        return self._public_settings.respond(request, {**ASSET_HEADERS, "Cache-Control": ASK_EACH_TIME})

    def file(self, request: Request) -> Response:
        """Any other file of the build.

        Raises:
            NotFoundError: there is none of this name.
        """
        path = request.url.path
        if path not in self._files:
            raise NotFoundError("There is nothing at this address.")
        return self._files[path].respond(request, {**ASSET_HEADERS, "Cache-Control": _lifetime(path)})

    def _page_headers(self, request: Request) -> dict[str, str]:
        policy = content_security_policy(self._settings, request.headers.get("host", ""))
        return {**PAGE_HEADERS, "Content-Security-Policy": policy, "Cache-Control": ASK_EACH_TIME}


def _under(policy: str, page: AppFile) -> AppFile:
    """The page in a version of its own under this policy."""
    version = hashlib.sha256(f"{page.version} {policy}".encode()).hexdigest()[:20]
    return AppFile(page.media_type, version, page.bodies)


def _lifetime(path: str) -> str:
    if path.startswith("/assets/"):
        return KEEP_FOR_GOOD
    return KEEP_FOR_A_DAY if path.startswith("/icons/") else ASK_EACH_TIME
