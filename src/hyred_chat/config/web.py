"""Who may use the server from a browser, and where the web app leads."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import Origins, PageUrl, is_plain_http
from hyred_chat.config.variables import ConfigurationError, variable_of


class WebSettings(Subject):
    """Origins, and pages of the host."""

    title: ClassVar[str] = "Web app and origins"

    allowed_origins: Origins = Field(
        default=(),
        description="Web origins that may connect, comma-separated, such as `https://app.example.com`. Default: the "
        "server's own, `http://localhost:3000` and `http://localhost:3001`. `*` allows all, in development only.",
    )
    frame_ancestors: Origins = Field(
        default=(),
        description="Web origins that may embed the web app in a frame, comma-separated. Default: none.",
    )
    job_url: PageUrl | None = Field(
        default=None,
        description="The page of a job on your site, such as `https://www.example.com/jobs/{id}`. In the web app, "
        "notifications with a `jobId` link to it. https only in production. Default: they link to nothing.",
    )
    contract_url: PageUrl | None = Field(
        default=None,
        description="The page of a contract, likewise, for notifications with a `contractId`: "
        "`https://www.example.com/contracts/{id}`.",
    )
    api_docs: bool | None = Field(
        default=None,
        description="Serve the reference of the REST API at `/api/docs` and `/api/openapi.json`. Default: only in "
        "development.",
    )

    def check(self, *, in_production: bool) -> None:
        """Production names its origins, and leads to encrypted pages only. Raises `ConfigurationError`."""
        super().check(in_production=in_production)
        if not in_production:
            return
        for name in ("job_url", "contract_url"):
            if is_plain_http(getattr(self, name)):
                sentence = "must start with https:// in production: anybody on the way can replace the page."
                raise ConfigurationError(variable_of(name), sentence)
        if "*" in self.allowed_origins:
            raise ConfigurationError(
                variable_of("allowed_origins"), "must name the web app's origins in production, not *."
            )
