"""Real third-party data, beside the project and never in it. A test that needs it skips, saying so; in CI it fails."""

import os

import pytest
from django.conf import settings

SHARED_DATA = settings.BASE_DIR.parent / "shared" / "data"


def shared(path: str):
    found = SHARED_DATA / path
    if not found.exists():
        why = f"the shared data file {path} is not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(f"In CI no test is skipped, and {why}")
        pytest.skip(why)
    return found
