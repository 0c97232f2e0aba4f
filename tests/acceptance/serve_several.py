"""`python -m tests.acceptance.serve_several N`: N server processes behind one port, on the operator's database."""

import sys

from hyred_chat.config import load_settings
from hyred_chat.listening import listen
from hyred_chat.logging import configure_logging
from hyred_chat.supervisor.supervision import Plan, run

BACKLOG = 2048

if __name__ == "__main__":
    settings = load_settings()
    configure_logging(settings)
    processes = int(sys.argv[1])
    listener = listen(settings.host, settings.port, backlog=BACKLOG)
    port = listener.getsockname()[1]
    told = {"processes": processes, "port": port, "database_url": settings.database_url}
    run(
        listener,
        Plan(processes, told, settings.drain_delay_seconds),
        lambda: print(f"is ready: http://127.0.0.1:{port}", flush=True),  # noqa: T201  (as `serve` says it)
    )
