"""A server that speaks S3, in a process of its own, with one bucket."""

import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

KEYS: Final = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
BUCKET: Final = "files"


@contextmanager
def speaking_s3() -> Iterator[str]:
    """Where it is."""
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        # What it says of requests is read, so that it never waits for somebody to.
        reader = threading.Thread(target=process.stderr.read)
        try:
            found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stderr)
            endpoint = next(each[0] for each in found if each)
            reader.start()
            request = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")  # noqa: S310  # on this machine
            urllib.request.urlopen(request).close()  # noqa: S310
            yield endpoint
        finally:
            process.kill()
            reader.join()
