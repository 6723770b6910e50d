"""Documents as PDF, set by Typst. A template is a .typ file beside the HTML ones.

It reads what it is given with `#let data = json(bytes(sys.inputs.data))`: text is data there, never markup.
docs/adr/0011-pdf.md says why Typst.
"""

import json
from functools import cache
from pathlib import Path

import font_source_sans_pro
import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

TEMPLATES = settings.BASE_DIR / "templates"
NO_SUCH_LETTER = "could not be displayed"
TYPEFACES = Path(font_source_sans_pro.__file__).parent / "files"


@cache
def _fonts() -> typst.Fonts:
    """The typeface that comes with Linkwork, then those of the machine, for other scripts."""
    return typst.Fonts(font_paths=[str(TYPEFACES)])


def pdf_of(template: str, data: dict) -> bytes:
    """`templates/<template>` with `data` (what JSON can hold, and dates) as a PDF tagged for screen readers.

    Where no typeface here has a letter of it, that letter is an empty box, which PDF/UA-1 would not let pass.
    """
    try:
        return _compiled(template, data, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if NO_SUCH_LETTER not in str(error):
            raise
        return _compiled(template, data)


def _compiled(template: str, data: dict, **options) -> bytes:
    inputs = {"data": json.dumps(data, cls=DjangoJSONEncoder)}
    path = str(TEMPLATES / template)
    return typst.compile(path, root=str(TEMPLATES), font_paths=_fonts(), sys_inputs=inputs, **options)


def pdf_response(template: str, data: dict, filename: str) -> HttpResponse:
    """The PDF, to be opened or saved under a name that says nothing of anybody."""
    response = HttpResponse(pdf_of(template, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response
