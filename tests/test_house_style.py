"""The shape of the code, kept by tests: docs/adr/0002-shape-of-the-code.md says why."""

import ast
import inspect
import re
from inspect import Parameter
from pathlib import Path

import pytest

from assets import actions as asset_actions
from caseload import actions as casework_actions
from referrals import actions as referral_actions

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "assets", "caseload", "referrals", "insight"]
# Inside an app, a module imports only from those before it.
MODULES = [
    ["enums"],
    ["words", "moves", "history", "postcodes", "identifiers", "fields", "working_days"],
    ["models"],
    ["perms", "middleware", "adapter", "timeline", "importing", "figures", "links", "sharing"],
    ["rules", "notify"],
    ["sweep"],
    ["tasks"],
    ["actions"],
    ["forms"],
    ["periodic", "health"],
    ["views"],
    ["urls", "admin"],
]
ORDER = {name: place for place, names in enumerate(MODULES) for name in names}

SOURCES = sorted(
    path for app in [*APPS, "linkwork"] for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
APP_SOURCES = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in APPS]
VIEW_CODE = [
    path for path in SOURCES if {"views", "forms", "templatetags"} & set(path.relative_to(ROOT).with_suffix("").parts)
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path):
    return str(path.relative_to(ROOT))


def tree(path):
    return ast.parse(path.read_text(), filename=str(path))


def imported(path):
    """Dotted names of the modules a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            # `from app import module` imports app.module.
            yield from ([f"{node.module}.{a.name}" for a in node.names] if node.module in APPS else [node.module])
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", VIEW_CODE, ids=name)
def test_views_forms_and_tags_take_rows_from_the_organisation_never_from_a_model(path):
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
    ]
    assert found == []


@pytest.mark.parametrize("path", VIEW_CODE, ids=name)
def test_views_get_a_row_from_a_narrowed_queryset_never_from_a_bare_model(path):
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("get_object_or_404", "get_list_or_404"))
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id[0].isupper()
    ]
    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_form_has_no_live_queryset_before_init_narrows_it(path):
    found = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("ModelChoiceField", "ModelMultipleChoiceField", "ModelChoiceFilter"))
        for keyword in node.keywords
        if keyword.arg == "queryset" and not ast.unparse(keyword.value).endswith((".none()", "None"))
    ]
    assert found == []


@pytest.mark.parametrize("path", APP_SOURCES, ids=name)
def test_imports_point_left_between_apps(path):
    own = APPS.index(path.relative_to(ROOT).parts[0])
    apps = {module.split(".")[0] for module in imported(path)}
    assert sorted(apps & {*APPS[own + 1 :], "linkwork", "tests"}) == []


@pytest.mark.parametrize("path", APP_SOURCES, ids=name)
def test_imports_point_up_inside_an_app(path):
    app, module = path.relative_to(ROOT).with_suffix("").parts[:2]
    if module not in ORDER:
        return
    siblings = {m.split(".")[1] for m in imported(path) if m.startswith(f"{app}.")} - {module}
    assert sorted(s for s in siblings if s in ORDER and ORDER[s] > ORDER[module]) == []


@pytest.mark.parametrize("path", APP_SOURCES, ids=name)
def test_models_have_no_save_override_and_no_hidden_ordering(path):
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef) and "models" in name(path):
            found += [f"{node.name}.save" for f in node.body if isinstance(f, ast.FunctionDef) and f.name == "save"]
            found += [f"{node.name}.ordering" for a in node.body if ast.unparse(a).startswith("ordering =")]
    assert found == []


@pytest.mark.parametrize("path", APP_SOURCES, ids=name)
def test_no_signals(path):
    assert [m for m in imported(path) if "signals" in m or m == "django.dispatch"] == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_stays_under_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_function_stays_readable(path):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 50
    ]
    assert long == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_stays_under_150_lines(path):
    assert len(path.read_text().splitlines()) <= 150


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_have_nothing_inline_the_content_policy_would_refuse(path):
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    assert inline.findall(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_use_the_words_of_the_trade(path):
    text = re.sub(r"{[{%#].*?[}%#]}", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"\bDNA\b|non-complian|hard to engage|client record|failed to attend", text, re.IGNORECASE) == []


@pytest.mark.parametrize("module", [asset_actions, casework_actions, referral_actions], ids=lambda m: m.__name__)
def test_every_action_takes_keywords_only_and_says_by_whom(module):
    actions = [
        function
        for function_name, function in inspect.getmembers(module, inspect.isfunction)
        if not function_name.startswith("_") and "actions" in function.__module__
    ]
    assert actions
    for action in actions:
        parameters = inspect.signature(action).parameters
        assert "by" in parameters, action.__name__
        kinds = {parameter.kind for parameter in parameters.values()}
        assert kinds <= {Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD}, action.__name__
