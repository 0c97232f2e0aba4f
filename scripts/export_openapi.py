"""Print the OpenAPI description of the REST API, as `/api/openapi.json` answers it. Starts no server, no database."""

import json

from hyred_chat.app import Application
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database


def main() -> None:
    """Build the application, which does not use its database before it serves."""
    unused = Database("postgresql://", schema="unused", pool_size=1)  # never connected
    # Without anything of the environment: the description depends on no setting, and so on no machine.
    print(json.dumps(Application(Settings.model_construct(), unused).openapi()))


if __name__ == "__main__":
    main()
