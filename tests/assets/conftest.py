"""Bringing a list in, step by step, as the pages and the worker do."""

import json

import pytest

from assets import actions, tasks
from assets.columns import FIELDS, plain_heading
from assets.intake import run
from assets.models import ImportRun


@pytest.fixture
def begin(organisation, mo):
    """begin(content) or begin(url=…): an intake as a manager starts one, not yet read."""

    def started(content=None, kind="csv", name="Our list", url="", **also):
        if isinstance(content, dict | list):
            content = json.dumps(content)
        return actions.start_intake(
            organisation=organisation,
            by=mo,
            kind=kind,
            source_name=name,
            licence="Open Government Licence v3.0",
            content=content.encode() if isinstance(content, str) else content,
            file_name="list",
            url=url,
            **also,
        )

    return started


@pytest.fixture
def read(mo):
    """read(intake, feed) reads it to the end, its columns as guessed."""

    def read_to_the_end(intake, feed=None):
        if run.needs_columns(intake):
            guessed = {
                heading: FIELDS.get(plain_heading(heading), "") for heading in run.headings_of(bytes(intake.content))
            }
            actions.map_columns(intake=intake, by=mo, mapping=guessed)
        while run.read_next(intake.pk, feed):
            pass
        intake.refresh_from_db()
        return intake

    return read_to_the_end


@pytest.fixture
def bring_in(begin, read, mo):
    """bring_in(content) reads and writes it; gives the record of what was done."""

    def brought(*args, feed=None, **kwargs):
        intake = read(begin(*args, **kwargs), feed)
        actions.apply_intake(intake=intake, by=mo)
        tasks.write_intake(str(intake.pk))
        done = ImportRun.objects.latest("id")
        return done.created, done.updated, done.unchanged, len(done.rejected)

    return brought
