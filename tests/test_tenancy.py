"""Every page that names a record, for everyone it is not for.

The pages are read from the URL configuration: a new one is covered the day it is added,
and a new kind of record fails here until `records` knows how to make one.
"""

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.enums import ORGANISATION_ROLES, Role
from assets.actions import add_note, merge_assets, report_problem
from caseload.actions import add_supervision_item, let_read, log_backstage, merge_people, name_lead, raise_concern
from caseload.wording import shipped_id
from insight.actions import note_ask, share_mix
from tests.factories import (
    AppointmentFactory,
    AssetFactory,
    AwayFactory,
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
    HoldReviewFactory,
    IntakeFactory,
    LetterFactory,
    LoneVisitFactory,
    OnwardReferralFactory,
    PatientFactory,
    ReferralFactory,
    RiskNoteFactory,
    TermFactory,
)

APPS = ["accounts", "assets", "caseload", "referrals", "insight"]


def our_patterns(resolver=None, namespace=None):
    """(name, pattern) of every page of ours."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            if namespace in APPS:
                yield f"{namespace}:{entry.name}", entry
        else:
            yield from our_patterns(entry, entry.namespace or namespace)


PAGES = dict(our_patterns())
# Of records everyone in the organisation finds.
FOR_MANAGERS = {
    "caseload:access",
    "caseload:anonymise",
    "caseload:close_concern",
    "caseload:edit_template",
    "assets:intake",
    "assets:intake_columns",
    "assets:intake_rows_csv",
    "insight:export",
    "insight:export_file",
    "insight:kept_evidence",
    "insight:kept_evidence_pdf",
    "insight:kept_evidence_csv",
}


def roles_of(page):
    return getattr(PAGES[page].callback, "roles", ())


def is_public(page):
    return not getattr(PAGES[page].callback, "login_required", True)


# Entries of the directory are everybody's: only what an organisation keeps about them is not.
SHARED = {"asset_id", "other_id", "problem_id", "merge_id", "conflict_id", "source_id", "term_id"}
SHARED |= {"measure", "figure", "topic"}
RECORD_PAGES = {
    page: pattern
    for page, pattern in PAGES.items()
    if set(pattern.pattern.converters) - SHARED and not is_public(page)
}
# Pages of a record for whoever has its signed address, with tests of their own of what they must not reveal.
BY_SIGNED_LINK = {
    "assets:kept_by",  # tests/assets/test_ladder.py
    "caseload:feed",  # tests/caseload/test_calendar_feed.py
    "caseload:questions",  # tests/caseload/test_questions_link.py
    "referrals:link",  # tests/referrals/test_service_link.py
}


def _safeguarding(organisation, amina, mo, ben, case):
    """A concern that Mo, named as a lead, lets Ben read."""
    lead = name_lead(organisation=organisation, by=mo, user=mo)
    concern = raise_concern(
        organisation=organisation, by=amina, case=case, happened="Kerr, at the allotment", is_immediate_danger=False
    )
    let_read(concern=concern, by=mo, user=ben)
    return {"safeguarding_id": concern.pk, "reader_id": concern.readers.get().pk, "lead_id": lead.pk}


def _on_file_twice(sam, amina):
    """One record that was merged into Sam's, and one that may be."""
    gone, other = (PatientFactory(organisation=sam.organisation, practice=sam.practice) for _ in range(2))
    said = {"why": "Kerr, of the allotment", "facts": {}, "revisions": (0, 0)}
    return {"person_merge_id": merge_people(kept=sam, gone=gone, by=amina, **said).pk, "person_id": other.pk}


@pytest.fixture
def records(organisation, practice, priya, amina, mo, ben, sam):
    """One record of each kind, all of them Wellpark's, with data in them that could leak."""
    case = CaseFactory(patient=sam, worker=amina, status="holding", what_matters="Getting back to the allotment")
    referral = ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya, family_name="Kerr")
    asset = AssetFactory()
    return {
        "case_id": case.pk,
        "appointment_id": AppointmentFactory(case=case).pk,
        "hold_id": (hold := HoldFactory(case=case)).pk,
        "review_id": HoldReviewFactory(hold=hold, note="Kerr, of the allotment").pk,
        "draft_id": amina.drafts.create(case=case, form="/cases/", words={"note": "Kerr, of the allotment"}).pk,
        "follow_up_id": FollowUpFactory(case=case).pk,
        "contact_id": ContactFactory(case=case, note="Kerr, of the allotment").pk,
        "message_id": LetterFactory(case=case, body="Hello Kerr, how is the allotment?").pk,
        "template_id": shipped_id(organisation, "meeting"),
        "goal_id": GoalFactory(case=case).pk,
        "flag_id": FlagFactory(case=case).pk,
        "risk_id": RiskNoteFactory(patient=sam).pk,
        "visit_id": LoneVisitFactory(
            organisation=organisation, worker=amina, watcher=mo, case=case, where="Kerr, at the allotment"
        ).pk,
        **_safeguarding(organisation, amina, mo, ben, case),
        "referral_id": referral.pk,
        "onward_id": OnwardReferralFactory(case=case, shared={"name": "Sam Kerr", "wants": "The allotment"}).pk,
        "consult_id": ConsultFactory(case=case, question="Kerr, of the allotment").pk,
        "supervision_id": add_supervision_item(
            organisation=organisation, by=amina, case=case, words="Kerr, of the allotment"
        ).pk,
        "away_id": AwayFactory(organisation=organisation, worker=amina, note="Kerr, of the allotment").pk,
        "hand_over_id": HandOverFactory(case=case, made_by=amina, receiver=amina, stands="Kerr, of the allotment").pk,
        "membership_id": amina.memberships.get().pk,
        "backstage_id": log_backstage(
            organisation=organisation, by=amina, kind="admin", minutes=5, done_on=timezone.localdate(), note="Kerr"
        ).pk,
        "filling_id": FillingFactory(case=case, by=amina, note="Kerr, of the allotment").pk,
        "measure": "ons4",
        "asset_id": asset.pk,
        "source_id": asset.source_id,
        "term_id": TermFactory().pk,
        "other_id": AssetFactory().pk,
        "note_id": add_note(asset=asset, organisation=organisation, by=amina, text="Kerr, of the allotment").pk,
        "problem_id": report_problem(asset=asset, organisation=organisation, by=amina, kind="full").pk,
        "intake_id": IntakeFactory(organisation=organisation, by=amina, file_name="allotment.csv").pk,
        "conflict_id": ConflictFactory(asset=asset).pk,
        "figure": "referrals_in",
        "topic": "holding",
        "share_id": share_mix(organisation=organisation, by=ben, reader=amina).pk,
        "ask_id": note_ask(organisation=organisation, by=mo, funder="Kerr Trust", words="The allotment").pk,
        "export_id": ExportFactory(organisation=organisation, asked_by=mo, purpose_words="Kerr, of the allotment").pk,
        "sheet_id": EvidenceSheetFactory(organisation=organisation, kept_by=mo, words="No allotment for Kerr").pk,
        "merge_id": merge_assets(kept=asset, gone=AssetFactory(), by=amina).pk,
        **_on_file_twice(sam, amina),
    }


def address_of(page, records):
    return reverse(page, kwargs={name: records[name] for name in PAGES[page].pattern.converters})


@pytest.fixture(params=["get", "post"])
def asked(request, records):
    """asked(client, pages) asks for each page and gives its answer: {page: response}."""

    def answers(client, pages):
        return {page: getattr(client, request.param)(address_of(page, records)) for page in pages}

    answers.as_missing = [404, 405] if request.param == "get" else [404]
    return answers


def found(answers, as_missing):
    """The pages that let somebody know there is such a record."""
    return {page: answer.status_code for page, answer in answers.items() if answer.status_code not in as_missing}


@pytest.mark.parametrize("who", ["stranger", "stranger_manager", "stranger_practice"])
def test_a_record_does_not_exist_for_a_stranger(request, sign_in, asked, who):
    answers = asked(sign_in(request.getfixturevalue(who)), RECORD_PAGES)
    assert found(answers, asked.as_missing) == {}
    leaks = [page for page, answer in answers.items() if b"Kerr" in answer.content or b"allotment" in answer.content]
    assert leaks == []


def test_a_record_of_the_organisation_does_not_exist_for_the_practice_it_came_from(sign_in, priya, asked):
    pages = [page for page in RECORD_PAGES if set(roles_of(page)) & set(ORGANISATION_ROLES)]
    assert found(asked(sign_in(priya), pages), asked.as_missing) == {}


@pytest.mark.parametrize("who", ["amina", "mo"])
def test_a_page_of_the_practice_does_not_exist_for_the_organisation(request, sign_in, asked, who):
    pages = [page for page in RECORD_PAGES if roles_of(page) == (Role.PRACTICE_STAFF,)]
    assert found(asked(sign_in(request.getfixturevalue(who)), pages), asked.as_missing) == {}


def test_a_page_asks_a_stranger_from_the_street_to_sign_in(client, asked):
    answers = asked(client, [page for page in PAGES if not is_public(page)])
    open_to_all = [page for page, a in answers.items() if not getattr(a, "url", "").startswith("/accounts/login/")]
    assert open_to_all == []


def test_a_record_exists_for_its_own(sign_in, amina, mo, priya, records):
    signed_in = {Role.LINK_WORKER: sign_in(amina), Role.MANAGER: sign_in(mo), Role.PRACTICE_STAFF: sign_in(priya)}
    missing = {}
    for page in RECORD_PAGES:
        role = Role.MANAGER if page in FOR_MANAGERS else next(iter(roles_of(page)), Role.LINK_WORKER)
        status = signed_in[role].get(address_of(page, records)).status_code
        if status not in [200, 302, 405]:
            missing[page] = status
    assert missing == {}


def test_a_record_for_managers_is_refused_to_their_link_workers(sign_in, amina, records):
    client = sign_in(amina)
    assert {client.get(address_of(page, records)).status_code for page in FOR_MANAGERS} == {403}


def test_a_page_says_which_roles_it_is_for():
    without = {page for page in PAGES if not is_public(page) and not roles_of(page)}
    assert without == {"accounts:home", "accounts:switch"}  # for whoever has signed in


def test_a_colleague_finds_the_case(sign_in, ben, records):
    response = sign_in(ben).get(reverse("caseload:case", kwargs={"case_id": records["case_id"]}))
    assert response.status_code == 200


def test_a_worker_who_has_left_finds_nothing(sign_in, ben, records):
    ben.memberships.update(is_active=False)
    response = sign_in(ben).get(reverse("caseload:case", kwargs={"case_id": records["case_id"]}))
    assert response.status_code == 404


@pytest.mark.parametrize(
    "child",
    [
        "appointment_id",
        "hold_id",
        "review_id",
        "contact_id",
        "follow_up_id",
        "flag_id",
        "risk_id",
        "onward_id",
        "goal_id",
        "hand_over_id",
        "filling_id",
        "message_id",
        "draft_id",
        "person_merge_id",
    ],
    ids=lambda child: child,
)
def test_a_child_is_not_found_through_another_case(sign_in, amina, organisation, practice, records, child):
    other = CaseFactory(patient=PatientFactory(organisation=organisation, practice=practice), worker=amina)
    pages = [p for p in RECORD_PAGES if {"case_id", child} <= set(RECORD_PAGES[p].pattern.converters)]
    client = sign_in(amina)
    for page in pages:
        url = address_of(page, records | {"case_id": other.pk})
        assert client.post(url).status_code == 404, page


def test_no_record_is_public_but_by_its_signed_link():
    public = {page for page, pattern in PAGES.items() if pattern.pattern.converters and is_public(page)}
    published = {page for page in public if page.startswith("assets:feed")}  # tests/assets/test_feed.py
    assert public - published == BY_SIGNED_LINK


def test_every_kind_of_record_is_known_here(records):
    named = {name for pattern in RECORD_PAGES.values() for name in pattern.pattern.converters}
    assert named - set(records) == set()
