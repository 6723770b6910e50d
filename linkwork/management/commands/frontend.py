"""Copies the NHS.UK frontend out of its wheel into static/vendor/, made fit for Linkwork.

Not ours to use: the NHS typeface, fetched from another host besides. Not there: source maps.
"""

import re
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PACKAGE = "wagtailnhsukfrontend"
VENDOR = Path("static/vendor")

FRUTIGER_FACE = re.compile(r"@font-face\s*\{[^}]*Frutiger[^}]*\}")
FRUTIGER_IN_STACK = re.compile(r"(font-family:)\s*[\"']?Frutiger W01[\"']?\s*,\s*arial", re.IGNORECASE)
# ARIA has no aria-expanded on a radio; NHS.UK sets it all the same.
EXPANDED = re.compile(r'(\w+)(\.setAttribute\("aria-expanded",\1\.checked\.toString\(\)\))')
SOURCE_MAP = re.compile(r"(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)")

# The module only acts on a body that says it is supported; what htmx brings in later needs starting too.
START = """
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});
"""


class Command(BaseCommand):
    help = "Copy the NHS.UK frontend into static/vendor/ (run by make setup; needs no database)."
    requires_system_checks = []

    def handle(self, **options):
        folder = settings.BASE_DIR / VENDOR
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nhsuk.css").write_text(fit_css(the_only("css")), encoding="utf-8")
        (folder / "nhsuk.js").write_text(fit_js(the_only("js")), encoding="utf-8")
        self.stdout.write(f"NHS.UK frontend copied to {VENDOR}/")


def the_only(kind: str) -> str:
    """The text of the wheel's one minified file of a kind, whatever its version."""
    folder = files(PACKAGE) / "static" / PACKAGE / kind
    found = [file for file in folder.iterdir() if re.fullmatch(rf"nhsuk-frontend-.*\.min\.{kind}", file.name)]
    if len(found) != 1:
        raise CommandError(f"Expected one nhsuk-frontend-*.min.{kind} in {PACKAGE}, found {len(found)}.")
    return found[0].read_text(encoding="utf-8")


def fit_css(css: str) -> str:
    css = swap(FRUTIGER_FACE, "", css, "the @font-face rules of Frutiger")
    css = swap(FRUTIGER_IN_STACK, r"\1arial", css, "the font stack with Frutiger first")
    css = swap(SOURCE_MAP, "", css, "the source map of the stylesheet")
    if "frutiger" in css.lower() or "//assets.nhs.uk" in css:
        raise CommandError("The NHS.UK stylesheet still names Frutiger or its host: look at fit_css.")
    return css


def fit_js(js: str) -> str:
    if not re.search(r"export\s*\{[^}]*\binitAll\b", js):
        raise CommandError("The NHS.UK script exports no initAll: look at START.")
    js = swap(EXPANDED, r'"radio"!==\1.type&&\1\2', js, "where radios are said to be expanded")
    return swap(SOURCE_MAP, "", js, "the source map of the script") + START


def swap(pattern: re.Pattern, replacement: str, text: str, what: str) -> str:
    text, count = pattern.subn(replacement, text)
    if not count:
        raise CommandError(f"Did not find {what} in the NHS.UK frontend: has a new version changed it?")
    return text
