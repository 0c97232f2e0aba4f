"""Fixtures for tests of what files are kept in."""

from collections.abc import Iterator

import pytest

from tests.integration.files.s3 import KEYS, speaking_s3


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of a bucket in a server that speaks S3, which the usual variables lead to."""
    with pytest.MonkeyPatch.context() as patch, speaking_s3() as endpoint:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
            patch.setenv(name, value)
        yield "s3://files"
