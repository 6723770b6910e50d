import pytest

from accounts import pdf

PLAIN = """
#import "/components/document.typ": document
#let data = json(bytes(sys.inputs.data))
#show: document.with(title: data.title)
= #data.title
#data.words
"""


@pytest.fixture
def plain(tmp_path, monkeypatch):
    (tmp_path / "components").mkdir()
    look = (pdf.TEMPLATES / "components" / "document.typ").read_text()
    (tmp_path / "components" / "document.typ").write_text(look)
    (tmp_path / "plain.typ").write_text(PLAIN)
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    return "plain.typ"


def test_a_document_is_a_tagged_pdf(plain):
    made = pdf.pdf_of(plain, {"title": "A plan", "words": "Getting back to the allotment"})
    assert (made[:5], b"/MarkInfo" in made or b"/StructTreeRoot" in made) == (b"%PDF-", True)


@pytest.mark.parametrize("typed", ["#panic()", "*bold* $x$ [", "\\", "李小龙 عامر 👍", "O’Neil & <b>", "", "x" * 5000])
def test_what_somebody_typed_is_never_markup(plain, typed):
    assert pdf.pdf_of(plain, {"title": "A plan", "words": typed})[:5] == b"%PDF-"


def test_a_pdf_is_not_kept_by_the_browser(plain):
    response = pdf.pdf_response(plain, {"title": "A plan", "words": ""}, "plan.pdf")
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "no-store")
