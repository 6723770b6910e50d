"""Somebody asks to be forgotten: docs/adr/0026-anonymising.md."""

import re
from contextlib import nullcontext
from datetime import date

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Event as History

from accounts.moves import MoveNotAllowed
from caseload import actions
from caseload.enums.safety import ConcernOutcome, VisitStatus
from caseload.erasing import hanging_from, rows_about, words_of
from caseload.models import AccessLog, Case, Patient
from insight.enums import ExportState
from insight.models import Export
from referrals.models import Referral
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import (
    AboutFactory,
    AppointmentFactory,
    AssetFactory,
    BeyondUsualFactory,
    CaseFactory,
    ConsultFactory,
    ContactFactory,
    ExportFactory,
    FillingFactory,
    FlagFactory,
    FollowUpFactory,
    GoalFactory,
    HandOverFactory,
    HoldFactory,
    HoldReviewFactory,
    LoneVisitFactory,
    MessageFactory,
    NeedFactory,
    OnwardReferralFactory,
    PatientFactory,
    ReferralFactory,
    RiskNoteFactory,
)

WORD = "Zebedee"
WHO = {"number_kind": "nhs", "number": "9990000018", "postcode": "G31 4EB", "date_of_birth": date(1971, 3, 27)}
TRACES = [WORD, "Kerr", "9990000018", "31 4EB", "496 0000", "1971-03-27"]
CLOSED = {"status": "closed", "ending": "connected", "ending_how": "agreed", "ending_agreed": True}


@pytest.fixture
def ended(case):
    """Sam's case, over."""
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now(), **CLOSED)
    case.refresh_from_db()
    return case


@pytest.fixture
def page(ended):
    return url_of("anonymise", ended)


def anonymised(case, by, **how):
    return actions.anonymise_person(case=case, by=by, why="asked", **how)


# Nothing is left


def everything_about(sam, case, amina, ben, mo, practice):
    """A row of every kind that can hang from a person."""
    organisation = sam.organisation
    gone = PatientFactory(organisation=organisation, practice=practice)
    said = {"why": "Same", "facts": {}, "revisions": (sam.revision, 0)}
    actions.merge_people(kept=sam, gone=gone, by=amina, **said)
    ReferralFactory(
        organisation=organisation, practice=practice, patient=sam, case=case, status="accepted", answer="Yes",
        answered_at=timezone.now(), answered_by=amina,
    ).events.create(verb="accept", by=amina)  # fmt: skip
    AboutFactory(patient=sam)
    RiskNoteFactory(patient=sam)
    goal, hold = GoalFactory(case=case), HoldFactory(case=case, ended_at=timezone.now(), end="case_closed")
    goal.progress.create(by=amina, words="Better")
    HoldReviewFactory(hold=hold)
    for factory in (AppointmentFactory, BeyondUsualFactory, ContactFactory, FlagFactory, FollowUpFactory):
        factory(case=case)
    for factory in (MessageFactory, NeedFactory, HandOverFactory):
        factory(case=case)
    case.concerns.create(place=1, words="Rent")
    case.shortlist.create(asset=AssetFactory(), added_by=amina)
    case.events.create(verb="opened", by=amina)
    amina.drafts.create(case=case, form="/cases/", words={"note": WORD})
    consult = ConsultFactory(case=case)
    consult.answers.create(by=ben, words="Try the co-op")
    consult.colleagues.create(user=ben)
    actions.add_supervision_item(organisation=organisation, by=amina, case=case, words="It stays with me")
    link = case.questions_links.create(measures=["ons4"], made_by=amina, used_at=timezone.now())
    link.uses.create(did="opened", was_valid=True)
    FillingFactory(case=case, by=amina)
    onward = OnwardReferralFactory(case=case)
    onward.events.create(verb="ask", by=amina)
    onward.link_uses.create(did="opened", was_valid=True)
    visit = LoneVisitFactory(
        organisation=organisation,
        worker=amina,
        watcher=mo,
        case=case,
        status=VisitStatus.BACK,
        ended_at=timezone.now(),
    )
    visit.events.create(verb="set_out", by=amina)
    visit.messages.create(round=1, to=mo, channel="text")
    concern = actions.raise_concern(
        organisation=organisation, by=amina, case=case, happened="…", is_immediate_danger=False
    )
    actions.let_read(concern=concern, by=mo, user=ben)
    actions.close_concern(concern=concern, by=mo, outcome=next(iter(ConcernOutcome)), outcome_note="…")


def write_everywhere(person):
    """The word in every box of every row about them, and what says who they are; so it is in earlier versions too."""
    for model, rows in rows_about(person).items():
        if issubclass(model, History):
            continue
        is_person = model in (Patient, Referral)
        for field in words_of(model):
            if is_person and field.name in WHO:
                continue
            words = {"said": WORD} if field.get_internal_type() == "JSONField" else WORD
            try:
                with transaction.atomic(), without_protection(model):
                    rows.update(**{field.name: words})
            except IntegrityError:
                pass  # no words may stand there, as the row is
    Patient.objects.filter(merged_into=None, pk=person.pk).update(**WHO, family_name="Kerr", phone="0141 496 0000")
    Referral.objects.filter(patient=person).update(**WHO, family_name="Kerr", phone="0141 496 0000")


def without_protection(model):
    protecting = [
        trigger for trigger in getattr(model._meta, "triggers", []) if isinstance(trigger, pgtrigger.Protect)
    ]
    uris = [f"{model._meta.label}:{trigger.name}" for trigger in protecting]
    return pgtrigger.ignore(*uris) if uris else nullcontext()


def places_of(words):
    """["table.column", …] of every place in the database where one of these can be read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'date', 'bytea')"
        )
        found = []
        for table, column in cursor.fetchall():
            pattern = "|".join(words)
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ~ %s LIMIT 1', [pattern])
            found += [f"{table}.{column}"] if cursor.fetchone() else []
        return sorted(found)


def test_no_word_about_them_is_left_in_any_column_of_any_table(sam, ended, amina, ben, mo, practice):
    everything_about(sam, ended, amina, ben, mo, practice)
    write_everywhere(sam)
    kinds = {model for model in rows_about(sam)}
    assert {child for model in kinds for child, _ in hanging_from(model)} - kinds == {AccessLog}
    written = places_of(TRACES)
    assert len(written) > 120
    anonymised(ended, mo)
    assert places_of(TRACES) == []


def test_every_box_for_words_is_erased_unless_it_is_named_as_code(sam, ended, amina, ben, mo, practice):
    everything_about(sam, ended, amina, ben, mo, practice)
    boxes = {f"{model._meta.label_lower}.{field.name}" for model in rows_about(sam) for field in words_of(model)}
    assert "caseload.contact.note" in boxes
    assert "caseload.contacthistory.note" in boxes
    assert "caseload.contact.channel" not in boxes


def test_a_question_deleted_since_is_forgotten_in_its_earlier_versions(sam, ended, amina, mo):
    item = actions.add_supervision_item(organisation=sam.organisation, by=amina, case=ended, words=WORD)
    actions.remove_supervision_item(item=item, by=amina)
    assert places_of([WORD]) == ["caseload_supervisionitemhistory.words"]
    anonymised(ended, mo)
    assert places_of([WORD]) == []


def test_of_somebody_else_nothing_is_removed(organisation, practice, ended, amina, mo):
    other = PatientFactory(organisation=organisation, practice=practice, family_name=WORD)
    contact = ContactFactory(case=CaseFactory(patient=other), note="Rang")
    anonymised(ended, mo)
    contact.refresh_from_db()
    other.refresh_from_db()
    assert (contact.note, other.family_name) == ("Rang", WORD)


def test_what_is_coded_and_dated_is_kept_to_be_counted(sam, ended, amina, mo):
    Patient.objects.filter(pk=sam.pk).update(**WHO, sex="female", ethnicity="asian", interpreter_language="Urdu")
    filling = FillingFactory(case=ended, by=amina)
    anonymised(ended, mo)
    sam.refresh_from_db()
    assert (sam.date_of_birth, sam.postcode, sam.sex, sam.ethnicity) == (date(1971, 7, 1), "G31", "female", "asian")
    assert bool(sam.interpreter_language)
    assert type(filling).objects.get(pk=filling.pk).scores == filling.scores
    assert Case.objects.get(pk=ended.pk).ending == "connected"


def test_a_very_old_person_is_not_told_by_their_year_of_birth(sam, ended, mo, today):
    Patient.objects.filter(pk=sam.pk).update(date_of_birth=date(today.year - 107, 2, 3))
    anonymised(ended, mo)
    sam.refresh_from_db()
    assert sam.date_of_birth.year == today.year - 95


def test_a_referral_keeps_that_it_was_sent_when_and_for_what(sam, ended, amina, mo):
    referral = ReferralFactory(
        organisation=sam.organisation, patient=sam, case=ended, status="accepted", answered_at=timezone.now(),
        answered_by=amina, needs=["housing"], reason=WORD,
    )  # fmt: skip
    anonymised(ended, mo)
    kept = Referral.objects.get(pk=referral.pk)
    assert (kept.practice, kept.submitted_at, kept.needs) == (referral.practice, referral.submitted_at, ["housing"])
    assert (kept.reason, kept.is_anonymised) == ("Removed", True)


def test_their_permissions_end(sam, ended, mo):
    assert anonymised(ended, mo).permissions == []


def test_what_was_promised_is_no_longer_to_do(ended, mo):
    FollowUpFactory(case=ended)
    anonymised(ended, mo)
    assert list(ended.follow_ups.to_do()) == []


def test_a_file_exported_with_names_is_no_longer_kept(organisation, ended, mo):
    ready = {"status": ExportState.READY, "content": WORD.encode(), "expires_at": timezone.now()}
    named = ExportFactory(organisation=organisation, asked_by=mo, kind="cases", with_names=True, **ready)
    plain = ExportFactory(organisation=organisation, asked_by=mo, kind="cases", **ready)
    anonymised(ended, mo)
    states = dict(Export.objects.values_list("pk", "status"))
    assert (states[named.pk], states[plain.pk]) == (ExportState.GONE, ExportState.READY)


# Who, and when


def test_a_manager_anonymises_having_typed_the_name(sign_in, mo, sam, ended, page):
    response = send(sign_in(mo), page, why="asked", name="sam  kerr")
    assert response.url == url_of("case", ended)
    sam.refresh_from_db()
    assert (sam.anonymised_by, sam.anonymised_why) == (mo, "asked")


def test_without_the_name_nothing_is_removed(sign_in, mo, sam, page):
    response = send(sign_in(mo), page, why="asked", name="Sam")
    assert errors(response) == ["Type Sam Kerr, as it stands on the record"]
    sam.refresh_from_db()
    assert sam.given_name == "Sam"


def test_it_is_not_for_link_workers(sign_in, amina, page):
    assert [sign_in(amina).get(page).status_code, sign_in(amina).post(page).status_code] == [403, 403]


def shown(client, page):
    """The page, less what is drawn anew each time."""
    return re.sub(r"\b\w{64}\b", "", client.get(page).content.decode())


def test_a_manager_who_is_no_safeguarding_lead_is_told_whom_to_ask_whether_there_is_a_concern_or_not(
    sign_in, mo, ben, amina, organisation, ended, page
):
    actions.name_lead(organisation=organisation, by=mo, user=ben)
    client = sign_in(mo)
    before = shown(client, page)
    actions.raise_concern(organisation=organisation, by=amina, case=ended, happened="…", is_immediate_danger=False)
    assert shown(client, page) == before
    assert "Ask Ben Taylor" in before
    assert client.post(page, {"why": "asked", "name": "Sam Kerr"}).status_code == 403


@pytest.mark.parametrize("how", ["case", "visit", "referral", "concern"])
def test_while_something_is_open_nobody_is_anonymised(sign_in, how, sam, ended, amina, mo, practice, page):
    organisation = sam.organisation
    if how == "case":
        actions.reopen_case(case=ended, by=amina, worker=amina, words="")
    elif how == "visit":
        LoneVisitFactory(organisation=organisation, worker=amina, watcher=mo, case=ended)
    elif how == "referral":
        ReferralFactory(organisation=organisation, practice=practice)
    else:
        actions.raise_concern(organisation=organisation, by=amina, case=ended, happened="…", is_immediate_danger=False)
    assert len(sign_in(mo).get(page).context["open"]) == 1
    with pytest.raises(actions.NotYet):
        anonymised(ended, mo)


def test_a_referral_that_was_declined_goes_too_where_that_is_chosen(sign_in, mo, sam, ended, practice, page):
    declined = {"status": "declined", "decline_reason": "other", "answered_at": timezone.now(), "answered_by": mo}
    theirs, not_theirs = (
        ReferralFactory(organisation=sam.organisation, practice=practice, reason=WORD, **declined) for _ in range(2)
    )
    send(sign_in(mo), page, why="asked", name="Sam Kerr", referrals=[str(theirs.pk)])
    assert [Referral.objects.get(pk=each.pk).reason for each in (theirs, not_theirs)] == ["Removed", WORD]


def test_sent_twice_it_is_done_once(sign_in, mo, ended, page):
    client = sign_in(mo)
    typed = filled_in(client, page, why="asked", name="Sam Kerr")
    assert [client.post(page, typed).status_code for _ in range(2)] == [302, 404]
    assert ended.events.filter(verb="anonymised").count() == 1


# Afterwards


def test_instead_of_the_person_the_page_says_when_they_were_anonymised(sign_in, amina, ended, mo, today):
    anonymised(ended, mo)
    response = sign_in(amina).get(url_of("case", ended))
    assert response.templates[0].name == "caseload/anonymised.html"
    assert f"Anonymised on {today.day} {today:%B %Y}" in response.content.decode()


def test_who_opened_the_record_stays(sign_in, mo, amina, ended):
    sign_in(amina).get(url_of("case", ended))
    anonymised(ended, mo)
    response = sign_in(mo).get(url_of("access", ended))
    assert [seen.by for seen in response.context["page"]] == [amina]


def test_nothing_can_be_done_with_the_case_any_more(sign_in, amina, ended, mo):
    anonymised(ended, mo)
    client = sign_in(amina)
    pages = ["details", "reopen", "log_contact", "write", "add_risk", "on_file_twice", "about"]
    assert {client.get(url_of(page, ended)).status_code for page in pages} == {404}


def test_what_was_under_way_at_that_moment_is_refused(ended, amina, mo, today):
    anonymised(ended, mo)
    for late in (
        lambda: actions.reopen_case(case=ended, by=amina, worker=amina, words=""),
        lambda: actions.note_risk(case=ended, by=amina, text=WORD, review_on=today),
        lambda: actions.log_contact(
            case=ended, by=amina, channel="call", with_whom="person", reached=True, minutes=5, note=WORD
        ),
    ):
        with pytest.raises(MoveNotAllowed):
            late()


def test_they_are_found_by_no_search_and_offered_for_no_referral(sign_in, amina, sam, ended, mo, practice):
    anonymised(ended, mo)
    client = sign_in(amina)
    found = client.post(reverse("caseload:search"), {"q": "removed"}, headers={"HX-Request": "true"})
    assert found.context["cases"] == []
    referral = ReferralFactory(organisation=sam.organisation, practice=practice)
    assert client.get(reverse("referrals:received", args=[referral.pk])).context["form"].matches == {}


def test_records_merged_into_theirs_are_forgotten_with_it(sam, ended, amina, mo, practice):
    gone = PatientFactory(organisation=sam.organisation, practice=practice, family_name=WORD)
    actions.merge_people(kept=sam, gone=gone, by=amina, why="Same", facts={}, revisions=(0, 0))
    anonymised(ended, mo)
    gone.refresh_from_db()
    assert (gone.is_anonymised, gone.family_name) == (True, "")


def test_a_practice_reads_that_it_was_anonymised(sign_in, priya, amina, mo, sam, ended, practice):
    referral = ReferralFactory(
        organisation=sam.organisation, practice=practice, patient=sam, case=ended, status="accepted",
        answered_at=timezone.now(), answered_by=amina,
    )  # fmt: skip
    anonymised(ended, mo)
    response = sign_in(priya).get(reverse("referrals:sent_referral", args=[referral.pk]))
    assert "Anonymised on" in response.content.decode()
    assert "Kerr" not in response.content.decode()
