"""The one-page plan: all that was agreed, and nothing that should not lie on a kitchen table."""

import json

import pytest
import typst

from accounts import pdf
from caseload.models import AccessLog
from caseload.our_plan import our_plan
from tests.caseload.sent import url_of
from tests.factories import (
    AppointmentFactory,
    AssetFactory,
    FollowUpFactory,
    GoalFactory,
    NeedFactory,
    OnwardReferralFactory,
    RiskNoteFactory,
)
from tests.referrals.pages import said

PAGES = ["our_plan", "our_plan_pdf"]


@pytest.fixture
def planned(case, sam, organisation):
    """A usual case, with all that must not be on the plan."""
    case.what_matters = "A ground-floor place near my sister."
    case.outline_beginning, case.outline_end = "Every week, at the flat.", "A last tea."
    case.save()
    steps = [("Get down the stair", "Ring the housing office", "worker"), ("Hear a match", "Find the radio", "person")]
    for rank, (words, step, who) in enumerate(steps, start=1):
        GoalFactory(case=case, words=words, rank=rank, next_step=step, step_by=who)
    GoalFactory(case=case, words="Get away from him", rank=3, is_private=True, next_step="Refuge", step_by="worker")
    AppointmentFactory(case=case)
    OnwardReferralFactory(case=case, asset=AssetFactory(name="Maryhill Library", need_kinds=["loneliness"]))
    OnwardReferralFactory(case=case, asset=AssetFactory(name="Safe Haven", need_kinds=["abuse_and_safety"]))
    RiskNoteFactory(patient=sam, text="Her husband reads her post")
    NeedFactory(case=case, kind="abuse_and_safety")
    FollowUpFactory(case=case, about="Ring the refuge")
    sam.safe_contact_note = "Say you are from the library"
    sam.save()
    return case


KEPT_OFF = ["Get away", "Refuge", "refuge", "husband", "Safe Haven", "from the library", "Abuse", "abuse"]


def test_the_plan_says_what_was_agreed_and_who_does_what(sign_in, amina, planned):
    page = said(sign_in(amina).get(url_of("our_plan", planned)))
    for words in [
        "Sam’s plan",
        "A ground-floor place near my sister.",
        "Get down the stair",
        "Amina Yusuf Ring the housing office",
        "You Find the radio",
        "Maryhill Library Say whether there is a place for you",
        "People usually have about 6 meetings; that is a guide, no limit.",
        "If you miss a meeting, nothing closes.",
    ]:
        assert words in page


def test_nothing_is_on_the_plan_that_should_not_lie_on_a_kitchen_table(sign_in, amina, planned):
    page = sign_in(amina).get(url_of("our_plan", planned)).content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    assert [words for words in KEPT_OFF if words in article] == []
    as_pdf = json.dumps(our_plan(planned, planned.organisation.policy), ensure_ascii=False)
    assert [words for words in KEPT_OFF if words in as_pdf] == []


def test_what_matters_is_left_out_when_asked(sign_in, amina, planned):
    page = said(sign_in(amina).get(url_of("our_plan", planned), {"without_matters": "on"}))
    assert "near my sister" not in page


def number_of_pages(case, *, large):
    data = json.dumps(our_plan(case, case.organisation.policy) | {"large": large})
    template = str(pdf.TEMPLATES / "caseload" / "our_plan.typ")
    made = typst.compile(template, root=str(pdf.TEMPLATES), format="svg", sys_inputs={"data": data})
    return len(made) if isinstance(made, list) else 1


def test_a_usual_plan_is_one_page_and_a_long_one_flows(planned):
    assert number_of_pages(planned, large=False) == 1
    planned.what_matters = "Every day a little more. " * 190
    assert number_of_pages(planned, large=False) == 2


def test_large_print_is_large(sign_in, amina, planned):
    client = sign_in(amina)
    assert "lw-large" in client.get(url_of("our_plan", planned), {"large": "1"}).content.decode()
    assert number_of_pages(planned, large=True) > 1


@pytest.mark.parametrize("query", [{}, {"large": "1"}])
def test_the_plan_is_a_pdf_under_a_name_that_says_nothing(sign_in, amina, planned, query):
    response = sign_in(amina).get(url_of("our_plan_pdf", planned), query)
    assert (response.content[:5], response["Content-Disposition"]) == (b"%PDF-", 'inline; filename="plan.pdf"')


def test_a_case_with_nothing_on_it_yet_still_has_a_plan(sign_in, amina, case):
    assert sign_in(amina).get(url_of("our_plan_pdf", case)).content[:5] == b"%PDF-"


@pytest.mark.parametrize("page", PAGES)
def test_ground_rule_8_opening_the_plan_is_recorded(sign_in, ben, sam, case, page):
    sign_in(ben).get(url_of(page, case))
    assert [(seen.by, seen.patient, seen.what) for seen in AccessLog.objects.all()] == [(ben, sam, "plan")]
