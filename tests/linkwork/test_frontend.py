"""The NHS.UK frontend as we ship it."""

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from linkwork.management.commands import frontend

CSS = (
    "@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/a.woff2)}"
    "html{font-family:Frutiger W01,arial,sans-serif}/*# sourceMappingURL=a.css.map */"
)
JS = 's.setAttribute("aria-expanded",s.checked.toString());export{Button,initAll};\n//# sourceMappingURL=a.js.map'


def test_the_stylesheet_keeps_to_arial_and_calls_no_other_host():
    assert frontend.fit_css(CSS) == "html{font-family:arial,sans-serif}"


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        ("@font-face", "the @font-face rules of Frutiger"),
        ("Frutiger W01,arial", "the font stack with Frutiger first"),
        ("sourceMappingURL", "the source map of the stylesheet"),
    ],
)
def test_a_new_version_that_lacks_an_expected_rule_is_refused_by_name(missing, what):
    with pytest.raises(CommandError, match=what):
        frontend.fit_css(CSS.replace(missing, "changed"))


def test_a_new_version_that_still_names_the_host_is_refused():
    with pytest.raises(CommandError, match="still names Frutiger or its host"):
        frontend.fit_css(CSS + "a{background:url(https://assets.nhs.uk/b.png)}")


def test_the_script_starts_itself_and_names_no_source_map():
    js = frontend.fit_js(JS)
    assert js.endswith(frontend.START)
    assert "sourceMappingURL" not in js


def test_a_script_that_cannot_start_itself_is_refused():
    with pytest.raises(CommandError, match="exports no initAll"):
        frontend.fit_js(JS.replace("initAll", "other"))


def test_the_wheel_in_use_can_be_copied_and_collected_under_hashed_names(tmp_path, settings):
    """As in production: a reference to a file that is not there would stop collectstatic."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "static").mkdir()
    call_command("frontend", verbosity=0)
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    own = settings.STATICFILES_DIRS
    with override_settings(
        STATICFILES_DIRS=[tmp_path / "static", *own], STATIC_ROOT=tmp_path / "out", STORAGES=storages
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert [path.name for path in (tmp_path / "out" / "vendor").glob("nhsuk.????????????.css")] != []
