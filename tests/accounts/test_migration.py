import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps

from accounts.migration import Together


def create(name, *fields):
    return migrations.CreateModel(name=name, fields=[("id", models.BigAutoField(primary_key=True)), *fields])


CHOIR_AND_SINGER = [
    create("Singer", ("choir", models.ForeignKey("accounts.Choir", on_delete=models.CASCADE))),
    create("Choir", ("name", models.CharField(max_length=20))),
]


@pytest.fixture
def states():
    """Before and after making two models of which the first names the second."""
    before, after = ProjectState(), ProjectState()
    assert before.apps.get_models() == after.apps.get_models() == []  # rendered, as during `migrate`
    Together(CHOIR_AND_SINGER).state_forwards("accounts", after)
    return before, after


@pytest.fixture
def tables(db):
    def named():
        return {"accounts_choir", "accounts_singer"} & set(connection.introspection.table_names())

    return named


def test_models_made_together_are_rendered_once(monkeypatch, states):
    rendered = []
    render = StateApps.render_multiple
    monkeypatch.setattr(
        StateApps, "render_multiple", lambda apps, models: rendered.append(models) or render(apps, models)
    )

    assert [model.__name__ for model in states[1].apps.get_models()] == ["Singer", "Choir"]
    assert [len(models) for models in rendered] == [2]


def test_models_made_together_may_name_one_another(states, tables):
    with connection.schema_editor() as editor:
        Together(CHOIR_AND_SINGER).database_forwards("accounts", editor, *states)

    assert tables() == {"accounts_choir", "accounts_singer"}


def test_what_was_made_together_is_undone(states, tables):
    before, after = states
    with connection.schema_editor() as editor:
        Together(CHOIR_AND_SINGER).database_forwards("accounts", editor, before, after)
    with connection.schema_editor() as editor:
        Together(CHOIR_AND_SINGER).database_backwards("accounts", editor, after, before)

    assert tables() == set()


def test_the_last_of_what_was_done_together_is_undone_first():
    undone = []

    class Step(Operation):
        def __init__(self, name):
            self.name = name

        def database_backwards(self, *args):
            undone.append(self.name)

    Together([Step("first"), Step("last")]).database_backwards("accounts", None, ProjectState(), ProjectState())

    assert undone == ["last", "first"]


def test_what_is_done_together_is_told_in_one_line():
    assert Together(CHOIR_AND_SINGER).describe() == "Create model Singer; Create model Choir"
