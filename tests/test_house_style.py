"""The shape of the code, kept by tests: docs/adr/0002-shape-of-the-code.md says why."""

import ast
import inspect
import re
from functools import cache
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


@cache
def tree(path):
    return ast.parse(path.read_text(), filename=str(path))


def nodes(path, kind):
    return (node for node in ast.walk(tree(path)) if isinstance(node, kind))


def imported(path):
    """Dotted names of the modules a file imports."""
    for node in nodes(path, ast.ImportFrom | ast.Import):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif node.module:
            # `from app import module` imports app.module.
            yield from ([f"{node.module}.{a.name}" for a in node.names] if node.module in APPS else [node.module])


def faults(paths, rule):
    """{file: what the rule finds in it}, of the files it finds anything in."""
    return {name(path): found for path in paths if (found := list(rule(path)))}


def test_views_forms_and_tags_take_rows_from_the_organisation_never_from_a_model():
    def managers(path):
        for node in nodes(path, ast.Attribute):
            if node.attr in ("objects", "_default_manager", "_base_manager"):
                yield f"line {node.lineno}: {ast.unparse(node)}"

    assert faults(VIEW_CODE, managers) == {}


def test_views_get_a_row_from_a_narrowed_queryset_never_from_a_bare_model():
    def bare_models(path):
        for node in nodes(path, ast.Call):
            gets_rows = ast.unparse(node.func).endswith(("get_object_or_404", "get_list_or_404"))
            if gets_rows and isinstance(node.args[0], ast.Name) and node.args[0].id[0].isupper():
                yield f"line {node.lineno}: {ast.unparse(node)}"

    assert faults(VIEW_CODE, bare_models) == {}


def test_a_form_has_no_live_queryset_before_init_narrows_it():
    fields = ("ModelChoiceField", "ModelMultipleChoiceField", "ModelChoiceFilter")

    def live_querysets(path):
        for node in nodes(path, ast.Call):
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            if ast.unparse(node.func).endswith(fields) and not given.get("queryset", "None").endswith(
                (".none()", "None")
            ):
                yield f"line {node.lineno}: {ast.unparse(node)}"

    assert faults(SOURCES, live_querysets) == {}


def test_imports_point_left_between_apps():
    def to_the_right(path):
        own = APPS.index(path.relative_to(ROOT).parts[0])
        return sorted({module.split(".")[0] for module in imported(path)} & {*APPS[own + 1 :], "linkwork", "tests"})

    assert faults(APP_SOURCES, to_the_right) == {}


def test_imports_point_up_inside_an_app():
    def downwards(path):
        app, module = path.relative_to(ROOT).with_suffix("").parts[:2]
        siblings = {m.split(".")[1] for m in imported(path) if m.startswith(f"{app}.")} - {module}
        return sorted(s for s in siblings if s in ORDER and ORDER[s] > ORDER.get(module, len(ORDER)))

    assert faults(APP_SOURCES, downwards) == {}


def test_models_have_no_save_override_and_no_hidden_ordering():
    def overrides(path):
        for node in nodes(path, ast.ClassDef):
            yield from (f"{node.name}.save" for f in node.body if isinstance(f, ast.FunctionDef) and f.name == "save")
            yield from (f"{node.name}.ordering" for a in node.body if ast.unparse(a).startswith("ordering ="))

    assert faults([path for path in APP_SOURCES if "models" in name(path)], overrides) == {}


def test_no_signals():
    def signals(path):
        return [module for module in imported(path) if "signals" in module or module == "django.dispatch"]

    assert faults(APP_SOURCES, signals) == {}


def test_a_file_stays_under_400_lines():
    def length(path):
        lines = len(path.read_text().splitlines())
        return [f"{lines} lines"] if lines > 400 else []

    assert faults(SOURCES, length) == {}


def test_a_function_stays_readable():
    def long_functions(path):
        for node in nodes(path, ast.FunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > 50:
                yield f"{node.name}: {lines} lines"

    assert faults(SOURCES, long_functions) == {}


def test_a_template_stays_under_150_lines():
    def length(path):
        lines = len(path.read_text().splitlines())
        return [f"{lines} lines"] if lines > 150 else []

    assert faults(TEMPLATES, length) == {}


def test_templates_have_nothing_inline_the_content_policy_would_refuse():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    assert faults(TEMPLATES, lambda path: inline.findall(path.read_text())) == {}


def test_templates_use_the_words_of_the_trade():
    words = re.compile(r"\bDNA\b|non-complian|hard to engage|client record|failed to attend", re.IGNORECASE)

    def said(path):
        return words.findall(re.sub(r"{[{%#].*?[}%#]}", "", path.read_text(), flags=re.DOTALL))

    assert faults(TEMPLATES, said) == {}


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
