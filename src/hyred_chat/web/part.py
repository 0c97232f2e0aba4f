"""The web app as a part of the service."""

from fastapi import FastAPI

from hyred_chat.parts import Foundation, Part
from hyred_chat.web import api_endpoints, endpoints
from hyred_chat.web.api_endpoints import ApiPage
from hyred_chat.web.service import WebApp


class WebPart(Part):
    """The pages. The last part: it answers whatever nobody else does."""

    routers = (endpoints.router,)

    def __init__(self, base: Foundation) -> None:
        self._settings = base.settings

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"web_app": WebApp(self._settings)}

    def serve(self, api: FastAPI) -> None:
        """See `Part`."""
        super().serve(api)
        if self._settings.serves_api_docs:
            api.state.api_page = ApiPage(self._settings, api.openapi)
            api.include_router(api_endpoints.router)
        endpoints.serve_missing_page(api)
