"""Every kind of page in a real browser, wide and narrow: no fault axe can find, nothing off the side."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assets.actions import add_note, report_problem
from assets.models import Postcode
from caseload.actions import (
    add_supervision_item,
    anonymise_person,
    answer_consult,
    link_questions,
    merge_people,
    raise_concern,
)
from caseload.enums import CaseStatus, FlagRule
from caseload.links import token_of
from insight.actions import share_mix
from linkwork.chromium import DESKTOP, PHONE
from referrals import actions
from tests.factories import (
    AboutFactory,
    AppointmentFactory,
    AssetFactory,
    AwayFactory,
    BeyondUsualFactory,
    CaseFactory,
    ConflictFactory,
    ConsultFactory,
    ContactFactory,
    EvidenceSheetFactory,
    ExportFactory,
    FillingFactory,
    FlagFactory,
    FollowUpFactory,
    GoalFactory,
    HandOverFactory,
    HoldFactory,
    IntakeFactory,
    LoneVisitFactory,
    MessageFactory,
    MissedFactory,
    NeedFactory,
    PatientFactory,
    ReferralFactory,
    RiskNoteFactory,
    TermFactory,
)
from tests.journeys.axe import bring, violations

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 4
FORMS_OF_A_CASE = [
    "log_contact",
    "book",
    "close",
    "what_matters",
    "details",
    "plan",
    "add_need",
    "about",
    "outline",
    "review_ending",
    "add_goal",
    "our_plan",
    "follow_up",
    "add_risk",
    "assign",
    "new_lone_visit_to",
    "write",
    "risks",
    "log_beyond",
    "raise_concern_on",
]


@pytest.fixture
def services(case, amina, mo, organisation):
    """Services with all that can be said of one, of which two may be the same, and a list that is to be looked at."""
    Postcode.objects.create(pk="G51 3AA", latitude=55.86, longitude=-4.31)
    said = {"postcode": "G51 3AA", "need_kinds": ["loneliness"], "opening_hours": {"thu": "10:00-12:00"}}
    said |= {"description": LONG, "phone": "0141 496 0000", "capacity": "waitlist", "wait_weeks": 6}
    said |= {"latitude": 55.86, "longitude": -4.31}
    one, other = AssetFactory(name="Govan Lunch Club", **said), AssetFactory(name="Govan lunch club", **said)
    AssetFactory(name=LONG, is_closed=True, postcode="G51 3AA")
    report_problem(asset=one, organisation=organisation, by=amina, kind="full", words=LONG)
    add_note(asset=one, organisation=organisation, by=amina, text=LONG)
    case.shortlist.create(asset=one, added_by=amina)
    FlagFactory(case=None, organisation=organisation, rule=FlagRule.ASSET_FUNDING_ENDS, subject_id=one.pk)
    ConflictFactory(asset=one)
    intake = IntakeFactory(organisation=organisation, by=mo, source=one.source)
    intake.rows.create(number=2, state="new", values={"name": LONG})
    intake.rows.create(number=3, state="rejected", reason="“nowhere” is not a postcode")
    return {"one": one, "other": other, "intake": intake, "term": TermFactory(means=["caring"])}


@pytest.fixture
def world(case, sam, amina, ben, mo, priya, organisation, practice, services):
    """Something of everything: a held case with all that can hang from one, and two referrals."""
    case.status = CaseStatus.HOLDING
    case.what_matters = "Getting back to the allotment"
    case.save()
    sam.may_text = True
    sam.save()
    RiskNoteFactory(patient=sam)
    BeyondUsualFactory(case=case, what=LONG)
    NeedFactory(case=case)
    FollowUpFactory(case=case)
    goals = [GoalFactory(case=case, rank=rank) for rank in (1, 2)]
    AboutFactory(patient=sam, strengths="Patience")
    ContactFactory(case=case, note="Rang; doing better.")
    MissedFactory(case=case)
    FillingFactory(case=case, by=amina, answers={"anxious": 5})
    MessageFactory(case=case)
    FlagFactory(
        case=case, rule=FlagRule.OPEN_AFTER_MISSED, why="Missed on Thursday 12 November. Nobody reached since."
    )
    long_name = PatientFactory(organisation=organisation, practice=practice, given_name=LONG, family_name=LONG)
    CaseFactory(patient=long_name, worker=amina, status=CaseStatus.WAITING)
    waiting = ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya, risks="Large dog")
    returned = ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya, given_name="Jean")
    actions.return_referral(referral=returned, by=amina, answer="Is she happy to be rung?")
    now = timezone.now()
    return {
        "case": case,
        "goal": goals[0],
        "hold": HoldFactory(case=case),
        "visit": LoneVisitFactory(organisation=organisation, worker=amina, watcher=ben, case=case),
        "concern": raise_concern(
            organisation=organisation, by=amina, case=case, happened="He said: " + LONG, is_immediate_danger=True
        ),
        "overdue": LoneVisitFactory(
            organisation=organisation, worker=ben, watcher=mo, expected_back_at=now - timedelta(minutes=20)
        ),
        "appointment": AppointmentFactory(case=case, starts_at=now - timedelta(minutes=5)),
        "filling": FillingFactory(case=case, by=amina, answers={"anxious": 8, "happy": 4}),
        "questions": link_questions(case=case, by=amina, measures=["ons4", "loneliness"]),
        "waiting": waiting,
        **a_person_on_file_twice(sam, amina),
        **two_whose_support_is_over(organisation, practice, mo),
        "returned": returned,
        "asset": AssetFactory(name="Maryhill Library"),
        "consult": a_consult(case, ben),
        "item": add_supervision_item(organisation=organisation, by=amina, case=case, words="It stays with me"),
        "away": AwayFactory(organisation=organisation, worker=ben, cover=amina, note="Ring me if it burns"),
        "hand_over": HandOverFactory(case=case, giver=amina, receiver=ben),
        "export": ExportFactory(organisation=organisation, asked_by=mo, purpose_words=LONG),
        "share": share_mix(organisation=organisation, by=amina, reader=mo),
        "sheet": EvidenceSheetFactory(organisation=organisation, kept_by=mo, words=LONG),
    } | services


def pages_about_services_of_the_worker(world):
    case, one = {"case_id": world["case"].pk}, {"asset_id": world["one"].pk}
    directory = reverse("assets:directory")
    yield f"{directory}?case={world['case'].pk}&asked=1&near=G51+3AA&need=loneliness"
    yield f"{directory}?near=G51+3AA&view=map"
    yield from [reverse(f"assets:{name}", kwargs=one) for name in ("asset", "correct", "report", "history")]
    yield reverse("assets:merge", kwargs=one | {"other_id": world["other"].pk})
    yield from [reverse(f"assets:{name}") for name in ("duplicates", "conflicts", "unconfirmed")]
    yield from [reverse(f"caseload:{name}", kwargs=case) for name in ("shortlist", "print_shortlist")]
    yield reverse("referrals:services_to_check")


def pages_about_services_of_the_manager(world):
    yield from [reverse(f"assets:{name}") for name in ("intakes", "start_intake", "publishers", "words")]
    yield from [reverse(f"assets:{name}", args=[world["intake"].pk]) for name in ("intake", "intake_columns")]
    yield reverse("assets:means", args=[world["term"].pk])


def a_person_on_file_twice(sam, by):
    """One record merged into theirs already, and one that still is to be."""
    gone, twin = (PatientFactory(organisation=sam.organisation, practice=sam.practice, phone="") for _ in range(2))
    said = {"why": LONG, "facts": {}, "revisions": (sam.revision, 0)}
    return {"merge": merge_people(kept=sam, gone=gone, by=by, **said), "twin": twin}


def two_whose_support_is_over(organisation, practice, by):
    """Somebody who may be anonymised, and somebody who was."""
    ended = {"status": "closed", "ending": "connected", "ending_how": "agreed", "ending_agreed": True}
    cases = [
        CaseFactory(
            patient=PatientFactory(organisation=organisation, practice=practice, family_name=name),
            closed_at=timezone.now(),
            **ended,
        )
        for name in (LONG, "Muir")
    ]
    NeedFactory(case=cases[1])
    anonymise_person(case=cases[1], by=by, why="asked")
    return {"over": cases[0], "anonymised": cases[1]}


def a_consult(case, answered_by):
    consult = ConsultFactory(case=case, opens="asked")
    answer_consult(consult=consult, by=answered_by, words="Try the co-op")
    return consult


def pages_of_the_worker(world):
    case, inbox = {"case_id": world["case"].pk}, {"referral_id": world["waiting"].pk}
    yield from [reverse(f"caseload:{name}") for name in ("today", "cases", "whom", "week", "calendar", "to_do")]
    yield from [reverse(f"caseload:{name}") for name in ("search", "holds", "door_open")]
    yield reverse("caseload:case", kwargs=case)
    yield from [reverse(f"caseload:{name}", kwargs=case) for name in FORMS_OF_A_CASE]
    yield reverse("caseload:log_meeting", kwargs=case | {"appointment_id": world["appointment"].pk})
    yield reverse("caseload:move_meeting", kwargs=case | {"appointment_id": world["appointment"].pk})
    yield from [reverse(f"caseload:{name}", kwargs=case | {"hold_id": world["hold"].pk}) for name in HOLD_FORMS]
    yield from [reverse(f"caseload:{name}") for name in ("lone_visits", "new_lone_visit", "alarm_phone")]
    yield reverse("caseload:lone_visit", kwargs={"visit_id": world["visit"].pk})
    yield from [reverse(f"caseload:{name}", kwargs=case) for name in ("measures", "link_questions")]
    yield from [reverse("caseload:fill_in", kwargs=case | {"measure": name}) for name in ("ons4", "concern")]
    yield from [
        reverse(f"caseload:{name}", kwargs=case | {"filling_id": world["filling"].pk}) for name in FILLING_FORMS
    ]
    yield reverse("caseload:questions", kwargs={"token": token_of(world["questions"])})
    yield from [reverse(f"caseload:{name}", kwargs=case | {"goal_id": world["goal"].pk}) for name in GOAL_FORMS]
    yield from [reverse(f"caseload:{name}") for name in ("safeguarding", "raise_concern")]
    yield from [reverse(f"caseload:{name}") for name in ("team", "ask", "supervision", "cover", "add_away")]
    yield from [reverse(f"caseload:{name}", kwargs=case) for name in ("ask_about", "take_case_to_supervision")]
    yield reverse("caseload:consult", args=[world["consult"].pk])
    yield reverse("caseload:supervision_item", args=[world["item"].pk])
    yield from [reverse(f"caseload:{name}") for name in ("hand_overs", "start_hand_over")]
    yield from [reverse("caseload:hand_over", args=[world["hand_over"].pk]), world["hand_over"].write_url]
    yield from [reverse(f"insight:{name}") for name in ("my_mix", "shared_mixes")]
    yield reverse("caseload:on_file_twice", kwargs=case)
    yield reverse("caseload:merge_people", kwargs=case | {"person_id": world["twin"].pk})
    yield reverse("caseload:separate_people", kwargs=case | {"person_merge_id": world["merge"].pk})
    yield reverse("referrals:inbox")
    yield from [reverse(f"referrals:{name}", kwargs=inbox) for name in ("received", "return", "decline")]
    yield reverse("assets:directory")
    yield reverse("assets:asset", kwargs={"asset_id": world["asset"].pk})
    yield from pages_about_services_of_the_worker(world)
    yield "/nowhere/"


GOAL_FORMS = ["change_goal", "note_progress"]
HOLD_FORMS = ["review_hold", "end_hold"]
FILLING_FORMS = ["filling", "put_right", "withdraw"]


def pages_of_the_manager(world):
    yield from [reverse("insight:service"), reverse("accounts:settings"), reverse("caseload:licences")]
    yield reverse("caseload:licence", kwargs={"measure": "who5"})
    yield reverse("caseload:lone_visit", kwargs={"visit_id": world["overdue"].pk})
    yield from [reverse(f"caseload:{name}") for name in ("templates", "add_template")]
    yield from [reverse(f"insight:{name}") for name in ("over_time", "definitions", "closed_months")]
    yield from [reverse("insight:topic", args=[topic]) for topic in ("meeting-people", "what-has-changed")]
    yield from [reverse(f"insight:{name}") for name in ("enacted", "funders", "equity")]
    case, giver = world["case"], world["hand_over"].giver
    moved = f"whose={giver.pk}&worker={world['hand_over'].receiver.pk}&cases={case.pk}"
    yield from [f"{reverse(f'insight:{name}')}?{moved}" for name in ("workload", "pass_on")]
    yield reverse("insight:shared_mix", args=[world["share"].pk])
    yield from [reverse(f"insight:{name}") for name in ("evidence", "exports", "ask_for_export")]
    yield reverse("insight:export", args=[world["export"].pk])
    yield reverse("insight:kept_evidence", args=[world["sheet"].pk])
    yield from [reverse(f"insight:{name}", args=["referrals_in"]) for name in ("figure", "figure_list", "draw_anew")]
    yield from [reverse(f"caseload:{name}") for name in ("safeguarding_leads", "beyond_usual")]
    concern = {"safeguarding_id": world["concern"].pk}
    yield from [reverse(f"caseload:{name}", kwargs=concern) for name in ("safeguarding_concern", "close_concern")]
    yield reverse("caseload:access", kwargs={"case_id": world["case"].pk})
    yield from [reverse("caseload:anonymise", args=[world[name].pk]) for name in ("case", "over")]
    yield reverse("caseload:case", args=[world["anonymised"].pk])
    yield from pages_about_services_of_the_manager(world)


def pages_of_the_practice(world):
    yield from [reverse("referrals:refer"), reverse("referrals:sent"), reverse("insight:practice_mix")]
    yield reverse("referrals:sent_referral", kwargs={"referral_id": world["waiting"].pk})
    yield reverse("referrals:edit", kwargs={"referral_id": world["returned"].pk})
    yield reverse("referrals:withdraw", kwargs={"referral_id": world["waiting"].pk})


PAGES = {"amina": pages_of_the_worker, "mo": pages_of_the_manager, "priya": pages_of_the_practice}
PARTS = [
    ("amina", 0, 4),
    ("amina", 1, 4),
    ("amina", 2, 4),
    ("amina", 3, 4),
    ("mo", 0, 2),
    ("mo", 1, 2),
    ("priya", 0, 1),
]
ON_A_PHONE = {"target-size": {"enabled": True}}  # besides the usual rules


def faults_of(page, size):
    """What axe finds at this size."""
    page.set_viewport_size(size)
    found = violations(page) if size is DESKTOP else violations(page, **ON_A_PHONE)
    yield from (f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield "wider than the screen"


@pytest.mark.parametrize(("who", "part", "parts"), PARTS, ids=lambda value: str(value))
def test_no_page_has_a_fault_axe_finds_or_runs_off_the_side(open_browser, request, world, who, part, parts):
    page = open_browser(request.getfixturevalue(who), DESKTOP)
    bring(page)
    refused, sizes = [], [DESKTOP, PHONE]
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    faults = {}
    for address in list(PAGES[who](world))[part::parts]:
        page.goto(address)
        if found := [fault for size in sizes for fault in faults_of(page, size)]:
            faults[address] = found
        sizes.reverse()  # the next page is opened at the size this one has
    assert faults == {}
    assert refused == []


@pytest.mark.parametrize("row", ["Main", "Insight"])
def test_a_row_of_links_is_one_line_on_a_phone_and_shows_where_one_is(open_browser, mo, row):
    page = open_browser(mo, PHONE)
    page.goto(reverse("insight:definitions"))
    links = page.get_by_role("navigation", name=row, exact=True)
    tops = links.get_by_role("link").evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
    here = links.locator("[aria-current]").bounding_box()
    assert len(tops) >= 7
    assert max(tops) - min(tops) < here["height"] / 2
    assert 0 <= here["x"] <= PHONE["width"] - here["width"]
