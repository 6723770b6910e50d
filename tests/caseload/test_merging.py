"""Two records of one person: docs/adr/0022-two-records-of-one-person.md."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from caseload.actions import (
    NumberGivenSince,
    TwoOpenCases,
    change_details,
    close_case,
    log_contact,
    merge_people,
    note_risk,
    raise_concern,
    record_seen,
    separate_people,
    write_about,
)
from caseload.actions.merging import places_that_name_a_person
from caseload.enums import Seen
from caseload.models import About, AccessLog, Appointment, Case, Patient
from insight.catalogue import FIGURES
from insight.period import Period
from insight.scope import Scope
from insight.values import Count, Share
from referrals.actions import accept_referral
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import (
    AboutFactory,
    AppointmentFactory,
    CaseFactory,
    FollowUpFactory,
    GoalFactory,
    HoldFactory,
    NeedFactory,
    PatientFactory,
    PracticeFactory,
    ReferralFactory,
    RiskNoteFactory,
)


@pytest.fixture
def twin(organisation, practice):
    """Sam's other record."""
    return PatientFactory(
        organisation=organisation,
        practice=practice,
        given_name="Samuel",
        phone="0141 496 0999",
        may_call=False,
        may_text=True,
        number_kind="nhs",
        number="9990000018",
        safe_contact_note="Not before noon",
    )


@pytest.fixture
def old_case(twin, ben):
    """The other record's case, ended."""
    closed = {"status": "closed", "ending": "connected", "ending_how": "agreed", "ending_agreed": True}
    return CaseFactory(patient=twin, worker=ben, closed_at="2026-03-01T12:00Z", **closed)


@pytest.fixture
def page(case, twin):
    return url_of("merge_people", case, person_id=twin.pk)


def merged(kept, gone, by, *, facts=None, **how):
    kept, gone = (Patient.objects.get(pk=person.pk) for person in (kept, gone))
    said = {"why": "Same address", "facts": facts or {}, "revisions": (kept.revision, gone.revision)}
    return merge_people(kept=kept, gone=gone, by=by, **said | how)


# Everything moves


def test_the_cases_and_referrals_of_the_other_record_stand_on_the_kept_one(sam, case, twin, old_case, amina):
    referral = ReferralFactory(
        organisation=sam.organisation, patient=twin, case=old_case, status="accepted", answered_at="2026-01-01T12:00Z",
        answered_by=amina,
    )  # fmt: skip
    risk = RiskNoteFactory(patient=twin)
    merged(sam, twin, amina)
    assert set(sam.cases.all()) == {case, old_case}
    assert (list(sam.referrals.all()), list(sam.risk_notes.all())) == ([referral], [risk])


def rows_that_name(person, by, case):
    """{place: a row there that names the person}, of every place that moves. A new one has to be added here."""
    organisation = person.organisation
    concern = raise_concern(organisation=organisation, by=by, case=case, happened="…", is_immediate_danger=False)
    answered = {"status": "accepted", "answered_at": case.opened_at, "answered_by": by}
    return {
        "caseload.case.patient": case,
        "caseload.risknote.patient": RiskNoteFactory(patient=person),
        "caseload.safeguardingconcern.patient": concern,
        "caseload.patient.merged_into": PatientFactory(
            organisation=organisation, practice=person.practice, merged_into=person
        ),
        "referrals.referral.patient": ReferralFactory(
            organisation=organisation, practice=person.practice, patient=person, case=case, **answered
        ),
    }


def test_no_row_is_left_behind_whoever_adds_a_foreign_key_to_a_person(sam, twin, old_case, amina):
    rows = rows_that_name(twin, amina, old_case)
    assert sorted(places_that_name_a_person()) == sorted(rows)
    merged(sam, twin, amina)
    for place, row in rows.items():
        row.refresh_from_db()
        assert getattr(row, place.rpartition(".")[2]) == sam, place


def test_who_opened_which_record_stays_and_a_manager_reads_both(sign_in, mo, sam, case, twin, amina, ben):
    record_seen(by=ben, what=Seen.DETAILS, record_id=twin.pk, patient=twin)
    merged(sam, twin, amina)
    assert AccessLog.objects.get(by=ben).patient == twin
    response = sign_in(mo).get(url_of("access", case))
    assert [seen.by for seen in response.context["page"]] == [ben]


def test_what_is_known_about_them_is_put_together(sam, case, twin, amina):
    AboutFactory(patient=sam, strengths="Patience", people="Her sister")
    AboutFactory(patient=twin, strengths="Patience", people="Mr Singh next door")
    merged(sam, twin, amina)
    sam.refresh_from_db()
    assert (sam.about.strengths, sam.about.people) == ("Patience", "Her sister\n\nMr Singh next door")


def test_each_case_tells_on_its_timeline_who_merged_them_and_how_they_knew(sam, case, twin, old_case, amina):
    merged(sam, twin, amina, why="Same phone; she says so")
    for each in (case, old_case):
        event = each.events.get(verb="merged")
        assert (event.by, event.words) == (amina, "Same phone; she says so")


# What holds where they differ


def test_the_page_asks_only_where_both_say_something_else(sign_in, mo, page):
    form = sign_in(mo).get(page).context["form"]
    assert list(form.fields) == [
        "kept_revision",
        "other_revision",
        "why",
        "fact_given_name",
        "fact_phone",
        "permissions",
    ]
    assert [key for key, _ in form.fields["permissions"].choices] == ["may_call", "may_text"]


def test_left_as_proposed_what_is_known_is_kept_and_of_permissions_the_stricter(sign_in, amina, sam, page):
    response = send(sign_in(amina), page, why="She says so")
    assert response.status_code == 302
    sam.refresh_from_db()
    assert (sam.given_name, sam.phone, sam.number) == ("Sam", "0141 496 0000", "9990000018")
    assert (sam.may_call, sam.may_text, sam.safe_contact_note) == (False, False, "Not before noon")


def test_another_fact_is_kept_where_it_is_chosen(sign_in, amina, sam, page):
    send(
        sign_in(amina), page, why="She says so", fact_phone="other", permissions=["may_call"], fact_given_name="other"
    )
    sam.refresh_from_db()
    assert (sam.given_name, sam.phone, sam.may_call) == ("Samuel", "0141 496 0999", True)


def test_two_notes_on_safe_contact_are_both_kept(sign_in, amina, sam, page):
    Patient.objects.filter(pk=sam.pk).update(safe_contact_note="Never leave a voicemail")
    send(sign_in(amina), page, why="She says so")
    sam.refresh_from_db()
    assert sam.safe_contact_note == "Never leave a voicemail\nNot before noon"


def test_an_address_is_taken_whole(sign_in, amina, sam, twin, page):
    Patient.objects.filter(pk=sam.pk).update(address="1 Elm Street", postcode="G31 4EB")
    Patient.objects.filter(pk=twin.pk).update(address="2 Oak Road", postcode="G11 5AB")
    send(sign_in(amina), page, why="She has moved", fact_address="other")
    sam.refresh_from_db()
    assert (sam.address, sam.postcode) == ("2 Oak Road", "G11 5AB")


def test_how_one_knows_is_asked(sign_in, amina, twin, page):
    response = send(sign_in(amina), page)
    assert errors(response) == ["Enter how you know, like “Same number and address; she says so”"]
    twin.refresh_from_db()
    assert twin.merged_into is None


# They may be two people


@pytest.fixture
def two_numbers(sam):
    Patient.objects.filter(pk=sam.pk).update(number_kind="nhs", number="9990000026")


def test_two_numbers_are_said_and_left_to_a_manager(sign_in, amina, twin, two_numbers, page):
    client = sign_in(amina)
    response = client.get(page)
    assert (response.context["may_merge"], len(response.context["form"].doubts)) == (False, 1)
    assert client.post(page, {"why": "Same"}).status_code == 403
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_with_two_numbers_a_manager_has_to_say_that_they_looked_into_it(sign_in, mo, sam, twin, two_numbers, page):
    client = sign_in(mo)
    response = send(client, page, why="One was mistyped")
    assert errors(response) == ["Look into it first, then tick that they are one person"]
    send(client, page, why="One was mistyped", sure="on")
    twin.refresh_from_db()
    assert twin.merged_into == sam


def test_two_days_of_birth_are_a_doubt_as_well(sign_in, amina, twin, page):
    Patient.objects.filter(pk=twin.pk).update(date_of_birth=date(1971, 3, 28))
    assert sign_in(amina).get(page).context["form"].doubts == [
        "They were born on two days: 27 March 1971 and 28 March 1971."
    ]


# Two open cases


@pytest.fixture
def other_open(twin, ben):
    return CaseFactory(patient=twin, worker=ben, status="waiting")


def test_of_two_open_cases_one_goes_on_and_the_other_counts_as_no_ending(
    sign_in, amina, sam, case, twin, other_open, page
):
    response = send(sign_in(amina), page, why="She says so")
    assert response.url == url_of("case", case)
    other_open.refresh_from_db()
    assert (other_open.patient, other_open.status, other_open.ending) == (sam, "closed", "other_case")
    assert list(sam.cases.open()) == [case]


def test_what_is_to_come_goes_along_with_the_case_that_goes_on(sam, case, twin, other_open, amina):
    GoalFactory(case=case, rank=1)
    coming = [
        AppointmentFactory(case=other_open),
        FollowUpFactory(case=other_open),
        GoalFactory(case=other_open, rank=1, words="A garden"),
        NeedFactory(case=other_open, kind="housing"),
        HoldFactory(case=case),
    ]
    merged(sam, twin, amina, goes_on=case)
    for row in coming:
        row.refresh_from_db()
    assert {row.case for row in coming} == {case}
    assert [goal.rank for goal in case.goals.in_their_order()] == [1, 2]


def test_a_kind_of_need_both_cases_have_stays_one_on_each(sam, case, twin, other_open, amina):
    ours, theirs = NeedFactory(case=case), NeedFactory(case=other_open)
    merged(sam, twin, amina, goes_on=case)
    assert (list(case.needs.all()), list(other_open.needs.all())) == ([ours], [theirs])


def test_which_goes_on_has_to_be_said(sam, case, twin, other_open, amina):
    with pytest.raises(TwoOpenCases):
        merged(sam, twin, amina)


def test_a_case_that_was_closed_since_it_was_chosen_does_not_go_on(sam, case, twin, other_open, amina):
    close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    with pytest.raises(TwoOpenCases):
        merged(sam, twin, amina, goes_on=case)
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_nobody_chooses_being_on_file_twice_as_an_ending(sign_in, amina, case):
    form = sign_in(amina).get(url_of("close", case)).context["form"]
    said = {key for name in ("ending_how", "ending") for key, _ in form.fields[name].choices}
    assert said & {"joined", "other_case"} == set()


# Out of sight


def test_the_addresses_of_the_other_records_cases_lead_to_the_kept_person(sign_in, amina, sam, case, twin, old_case):
    merged(sam, twin, amina)
    response = sign_in(amina).get(url_of("case", old_case))
    assert response.context["person"] == sam
    assert list(response.context["spells"]) == [case]


def test_the_inbox_knows_them_by_the_old_number_and_offers_the_kept_record(sign_in, amina, sam, case, twin, practice):
    merged(sam, twin, amina)
    referral = ReferralFactory(
        organisation=sam.organisation, practice=practice, given_name="S.", number_kind="nhs", number=twin.number
    )
    form = sign_in(amina).get(reverse("referrals:received", args=[referral.pk])).context["form"]
    assert list(form.matches.values()) == [sam]


def test_a_referral_accepted_for_the_other_record_at_that_moment_is_the_kept_ones(sam, case, twin, amina):
    referral = ReferralFactory(organisation=sam.organisation)
    merged(sam, twin, amina)
    assert accept_referral(referral=referral, by=amina, patient=twin, worker=None) == case
    assert referral.__class__.objects.get(pk=referral.pk).patient == sam


def test_what_is_written_at_that_moment_is_not_lost_with_the_other_record(sam, case, twin, old_case, amina, today):
    stale = Case.objects.select_related("patient").get(pk=old_case.pk)
    merged(sam, twin, amina)
    risk = note_risk(case=stale, by=amina, text="Large dog", review_on=today)
    about = write_about(case=stale, by=amina, revision=0, strengths="Patience", people="", story="")
    concern = raise_concern(
        organisation=sam.organisation, by=amina, case=stale, happened="…", is_immediate_danger=False
    )
    assert (risk.patient, about.patient, concern.patient) == (sam, sam, sam)


def test_details_typed_for_the_other_record_do_not_overwrite_the_kept_one(sam, case, twin, old_case, amina):
    stale = Case.objects.select_related("patient").get(pk=old_case.pk)
    merged(sam, twin, amina)
    with pytest.raises(ChangedMeanwhile):
        change_details(case=stale, by=amina, revision=0, **twin.details | {"phone": "0141 496 0333"})


def test_a_number_of_a_record_out_of_sight_may_be_given(sign_in, amina, sam, case, twin):
    merged(sam, twin, amina)
    send(sign_in(amina), url_of("details", case), number_kind="nhs", number="999 000 0018", postcode="G31 4EB")
    sam.refresh_from_db()
    assert sam.number == "9990000018"


# Twice, and at once


def test_sent_twice_it_is_merged_once(sign_in, amina, case, sam, page):
    client = sign_in(amina)
    typed = filled_in(client, page, why="She says so")
    first, second = client.post(page, typed), client.post(page, typed)
    assert (first.url, second.url) == (url_of("case", case), url_of("case", case))
    assert sam.merges.count() == 1


def test_merged_the_other_way_round_in_a_second_tab_nothing_happens(sign_in, amina, sam, case, twin, old_case, page):
    client, other_tab = sign_in(amina), url_of("merge_people", old_case, person_id=sam.pk)
    typed = filled_in(client, other_tab, why="She says so")
    send(client, page, why="She says so")
    assert client.post(other_tab, typed).url == url_of("case", old_case)
    sam.refresh_from_db()
    assert (sam.merged_into, old_case.__class__.objects.get(pk=old_case.pk).patient) == (None, sam)


def test_a_record_changed_since_the_page_was_opened_is_shown_again(sign_in, amina, ben, sam, case, twin, page):
    client = sign_in(amina)
    typed = filled_in(client, page, why="She says so")
    change_details(case=case, by=ben, revision=0, **sam.details | {"phone": "0141 496 0222"})
    assert client.post(page, typed).url == page
    twin.refresh_from_db()
    assert twin.merged_into is None


@pytest.mark.django_db(transaction=True)
def test_two_people_merging_each_into_the_other_at_once_leave_one(sam, case, twin, old_case, amina, ben):
    def merge(kept, gone, by):
        try:
            return merged(kept, gone, by)
        except (MoveNotAllowed, ChangedMeanwhile):
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(merge, [sam, twin], [twin, sam], [amina, ben]))
    assert [bool(merge) for merge in done].count(True) == 1
    assert Patient.objects.filter(merged_into=None).count() == 1


def test_a_third_record_leads_to_the_kept_one_in_one_step(sam, case, twin, organisation, practice, amina):
    third = PatientFactory(organisation=organisation, practice=practice)
    merged(twin, third, amina)
    merged(sam, twin, amina)
    third.refresh_from_db()
    assert third.merged_into == sam


def test_records_of_two_organisations_are_never_one(sam, other_organisation, amina):
    theirs = PatientFactory(organisation=other_organisation, practice=other_organisation.practices.get())
    with pytest.raises(MoveNotAllowed):
        merged(sam, theirs, amina)


def test_a_person_of_another_organisation_is_not_found(sign_in, amina, case, other_organisation):
    theirs = PatientFactory(organisation=other_organisation, practice=other_organisation.practices.get())
    assert sign_in(amina).get(url_of("merge_people", case, person_id=theirs.pk)).status_code == 404


# And back


def rows_of(*people):
    """Everything that names them or their cases, without what a merge counts up."""
    counted = {"revision", "anonymised_by", "anonymised_on", "anonymised_why"}
    found = list(Patient.objects.filter(pk__in=[person.pk for person in people]).order_by("pk").values())
    for place in places_that_name_a_person():
        label, _, field = place.rpartition(".")
        model = Patient._meta.apps.get_model(label)
        found += model.objects.filter(**{f"{field}__in": people}).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in counted} for row in found]


def test_separated_again_each_record_is_as_it_was(sam, case, twin, old_case, amina):
    rows_that_name(twin, amina, old_case)
    AboutFactory(patient=sam, people="Her sister")
    AboutFactory(patient=twin, people="Mr Singh next door")
    before = rows_of(sam, twin)
    facts = {"number_kind": "nhs", "number": twin.number, "practice": PracticeFactory(), "may_text": True}
    merge = merged(sam, twin, amina, facts=facts | {"date_of_birth": date(1971, 3, 28)})
    separate_people(merge=merge, by=amina)
    assert rows_of(sam, twin) == before
    assert [About.objects.get(patient=person).people for person in (sam, twin)] == ["Her sister", "Mr Singh next door"]


def test_separated_again_the_case_that_was_closed_goes_on(sam, case, twin, other_open, amina):
    meeting, goal = AppointmentFactory(case=other_open), GoalFactory(case=other_open)
    merge = merged(sam, twin, amina, goes_on=case)
    separate_people(merge=merge, by=amina)
    other_open.refresh_from_db()
    assert (other_open.patient, other_open.status, other_open.ending) == (twin, "waiting", "")
    assert (list(other_open.appointments.all()), list(other_open.goals.all())) == ([meeting], [goal])


def test_what_was_corrected_since_stays_corrected(sam, case, twin, amina):
    merge = merged(sam, twin, amina, facts={"phone": "0141 496 0999", "email": "sam@example.org"})
    Patient.objects.filter(pk=sam.pk).update(phone="0141 496 0111")
    separate_people(merge=merge, by=amina)
    sam.refresh_from_db()
    assert (sam.phone, sam.email) == ("0141 496 0111", "")


def test_what_was_written_since_goes_back_with_its_case(sam, case, twin, old_case, amina):
    merge = merged(sam, twin, amina)
    contact = log_contact(
        case=old_case, by=amina, channel="call", with_whom="person", reached=True, minutes=5, note=""
    )
    concern = raise_concern(
        organisation=sam.organisation, by=amina, case=Case.objects.get(pk=old_case.pk), happened="…",
        is_immediate_danger=False,
    )  # fmt: skip
    separate_people(merge=merge, by=amina)
    concern.refresh_from_db()
    assert (contact.case.pk, concern.patient) == (old_case.pk, twin)


def test_merges_are_taken_back_the_latest_first(sam, case, twin, organisation, practice, amina):
    first = merged(sam, twin, amina)
    merged(sam, PatientFactory(organisation=organisation, practice=practice), amina)
    with pytest.raises(MoveNotAllowed):
        separate_people(merge=first, by=amina)


def test_a_number_somebody_else_was_given_since_is_said(sam, case, twin, organisation, practice, amina):
    merge = merged(sam, twin, amina)
    PatientFactory(organisation=organisation, practice=practice, number_kind="nhs", number=twin.number)
    with pytest.raises(NumberGivenSince):
        separate_people(merge=merge, by=amina)


def test_it_is_taken_back_from_the_page_by_whoever_merged_them_or_a_manager(sign_in, amina, ben, mo, sam, case, twin):
    merge = merged(sam, twin, amina)
    back = url_of("separate_people", case, person_merge_id=merge.pk)
    assert sign_in(ben).post(back).status_code == 403
    assert sign_in(mo).post(back).url == url_of("on_file_twice", case)
    merge.refresh_from_db()
    assert merge.separated_by == mo
    assert sign_in(amina).post(back).url == url_of("case", case)


def test_what_went_along_goes_back_also_when_the_case_it_came_from_stays_closed(sam, case, twin, other_open, amina):
    meeting = AppointmentFactory(case=other_open)
    merge = merged(sam, twin, amina, goes_on=case)
    Case.objects.filter(pk=other_open.pk).update(ending="connected", ending_how="agreed", ending_agreed=True)
    separate_people(merge=merge, by=amina)
    meeting.refresh_from_db()
    assert (meeting.case.patient, meeting.case.status) == (twin, "closed")


# Finding the other record


def test_search_finds_them_by_the_name_and_number_of_either_record(sign_in, amina, sam, case, twin):
    merged(sam, twin, amina)
    client = sign_in(amina)
    for typed in ("samuel", "999 000 0018", "sam"):
        found = client.post(reverse("caseload:search"), {"q": typed}, headers={"HX-Request": "true"})
        assert found.context["cases"] == [case], typed


def test_ground_rule_8_looking_at_both_is_recorded_for_both(sign_in, amina, sam, twin, page):
    sign_in(amina).get(page)
    assert {(seen.by, seen.patient, seen.what) for seen in AccessLog.objects.all()} == {
        (amina, sam, Seen.DETAILS),
        (amina, twin, Seen.DETAILS),
    }


def test_likely_the_same_person_is_proposed_and_others_are_searched_for(sign_in, amina, case, twin, practice):
    jean = PatientFactory(organisation=twin.organisation, practice=practice, given_name="Jean", family_name="Muir")
    client = sign_in(amina)
    page = url_of("on_file_twice", case)
    assert list(client.get(page).context["found"]) == [twin]
    assert list(client.post(page, {"q": "muir"}).context["found"]) == [jean]


def test_two_that_the_inbox_shows_side_by_side_can_be_looked_at_as_one(sign_in, amina, sam, case, twin, practice):
    referral = ReferralFactory(organisation=sam.organisation, practice=practice)
    response = sign_in(amina).get(reverse("referrals:received", args=[referral.pk]))
    assert url_of("merge_people", case, person_id=twin.pk) in response.content.decode()


def test_a_safeguarding_concern_is_not_counted_in_what_moves(sign_in, ben, mo, case, sam, twin, old_case, page):
    raise_concern(organisation=sam.organisation, by=mo, case=old_case, happened="…", is_immediate_danger=False)
    assert sign_in(ben).get(page).context["moves"] == ["1 case"]


def test_the_meeting_of_the_other_record_is_still_on_the_diary(sam, case, twin, other_open, amina):
    meeting = AppointmentFactory(case=other_open)
    merged(sam, twin, amina, goes_on=case)
    assert list(Appointment.objects.of_organisation(sam.organisation).booked()) == [meeting]


def test_a_case_that_goes_on_in_another_is_no_ending_of_the_service(sam, case, twin, other_open, amina, today):
    merged(sam, twin, amina, goes_on=case)
    scope = Scope(sam.organisation, Period(today, today))
    assert (FIGURES["endings"].count(scope), FIGURES["endings_agreed"].count(scope)) == (Count(0), Share(0, 0))
