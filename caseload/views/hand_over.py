"""Hand-overs: begun for several, written, offered and answered one by one."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from accounts.perms import organisation_only
from accounts.words import count_of, day_and_time
from caseload import actions, colleagues
from caseload.enums import Seen
from caseload.enums.colleagues import HandOverStatus
from caseload.forms.hand_over import AcceptForm, DeclineForm, StartHandOverForm, WhosePeopleForm, WriteHandOverForm
from caseload.models import HandOver
from caseload.perms import may_write_hand_over
from caseload.views.on_a_case import STILL_HERE, cannot, catch_up, done, posted, show_form

A_PAGE = 20


@organisation_only
def hand_overs(request):
    """Offered to the reader; being handed over (a manager sees everyone's); and what became of earlier ones."""
    every = request.org.hand_overs.visible_to(request.user).with_row_data().order_by("-made_at", "id")
    if not request.membership.is_manager:
        every = every.concerning(request.user)
    over = Paginator(every.exclude(answered_at=None).order_by("-answered_at", "id"), A_PAGE)
    under_way = list(every.under_way())
    offered = [each for each in under_way if each.is_offered_to(request.user)]
    context = {
        "offered": offered,
        "under_way": [each for each in under_way if each not in offered],
        "page": over.get_page(request.GET.get("page")),
    }
    return render(request, "caseload/hand_overs.html", context)


@organisation_only
def start_hand_over(request):
    cases = request.org.cases.visible_to(request.user).open()
    whose = None
    if request.membership.is_manager:
        whose = WhosePeopleForm(request.GET, workers=colleagues.with_people(cases))
    giver = (whose and whose.chosen) or request.user
    theirs = cases.filter(worker=giver).not_handed_over().select_related("patient").by_name()
    form = StartHandOverForm(
        posted(request),
        cases=theirs,
        giver=giver,
        membership=request.membership,
        initial={"cases": [request.GET.get("case")]},
    )
    if form.is_valid():
        try:
            begun = actions.prepare_hand_overs(by=request.user, **form.cleaned_data)
            people = count_of(len(begun), "person", "people")
            one = begun[0] if len(begun) == 1 else None
            back = one.write_url if one else reverse("caseload:hand_overs")
            return done(request, None, f"Hand-over of {people} begun. Write each, and it is offered", back)
        except MoveNotAllowed:
            form.add_error("cases", form.fields["cases"].error_messages["invalid_choice"])
    context = {"form": form, "whose": whose, "giver": giver, "has_people": theirs.exists()}
    return render(request, "caseload/hand_over_start.html", context)


@organisation_only
def hand_over(request, hand_over_id):
    """The pack: what the giver wrote, and what the record says now."""
    hand_over = find_hand_over(request, hand_over_id)
    case = hand_over.case
    record_seen(request, hand_over)
    context = {
        "hand_over": hand_over,
        "case": case,
        "person": case.patient,
        "record": colleagues.what_the_record_says(case),
        "is_offered_to_you": hand_over.is_offered_to(request.user),
        "may_write": may_write_hand_over(request.membership, hand_over),
    }
    return render(request, "caseload/hand_over.html", context)


@organisation_only
def write_hand_over(request, case_id, hand_over_id):
    """A form on the case, so that long words are kept as drafts."""
    hand_over = find_hand_over(request, hand_over_id, case=case_id)
    _only_its_writer(request, hand_over)
    if request.method == "GET" and "write" not in hand_over.allowed_moves:
        return cannot(request, hand_over.case, where_it_stands(hand_over, request.user))
    form = WriteHandOverForm(
        posted(request),
        organisation=request.org,
        giver=hand_over.giver,
        initial=WriteHandOverForm.initial_of(hand_over),
    )
    if form.is_valid():
        try:
            hand_over = actions.offer_hand_over(hand_over=hand_over, by=request.user, **form.cleaned_data)
            return done(request, None, f"Offered to {hand_over.receiver.name}", reverse("caseload:hand_overs"))
        except MoveNotAllowed:
            hand_over = find_hand_over(request, hand_over_id)
            form.add_error(None, f"{where_it_stands(hand_over, request.user)} {STILL_HERE}")
        except ChangedMeanwhile:
            hand_over = find_hand_over(request, hand_over_id)
            catch_up(form, hand_over.revision)
            form.add_error(None, f"Somebody wrote this anew: “{hand_over.pack}” {STILL_HERE}")
    record_seen(request, hand_over)
    context = {"form": form, "hand_over": hand_over, "record": colleagues.what_the_record_says(hand_over.case)}
    return render(request, "caseload/hand_over_write.html", context | {"person": hand_over.case.patient})


@organisation_only
def accept_hand_over(request, hand_over_id):
    return _answer(
        request, hand_over_id, AcceptForm, actions.accept_hand_over, "Take them on", HandOverStatus.ACCEPTED
    )


@organisation_only
def decline_hand_over(request, hand_over_id):
    return _answer(
        request, hand_over_id, DeclineForm, actions.decline_hand_over, "Not take them on", HandOverStatus.DECLINED
    )


def _answer(request, hand_over_id, form_class, action, button, leads_to):
    hand_over = find_hand_over(request, hand_over_id)
    if hand_over.receiver_id != request.user.pk:
        raise PermissionDenied
    case = hand_over.case
    if request.method == "GET" and not hand_over.is_offered_to(request.user):
        return cannot(request, case, where_it_stands(hand_over, request.user))
    form = form_class(posted(request))
    if form.is_valid():
        try:
            action(hand_over=hand_over, by=request.user, **form.cleaned_data)
            taken = leads_to == HandOverStatus.ACCEPTED
            return done(
                request, case, "They are with you now" if taken else "On the waiting list, where everybody sees them"
            )
        except MoveNotAllowed:
            hand_over = find_hand_over(request, hand_over_id)
            if hand_over.status == leads_to:
                return done(request, case, where_it_stands(hand_over, request.user))
            form.add_error(None, f"{where_it_stands(hand_over, request.user)} {STILL_HERE}")
    heading = f"{button}: {case.patient.name}"
    return show_form(request, None, form, heading, button, reverse("caseload:hand_over", args=[hand_over.pk]))


@organisation_only
@require_POST
def call_off_hand_over(request, hand_over_id):
    hand_over = find_hand_over(request, hand_over_id)
    _only_its_writer(request, hand_over)
    try:
        actions.call_off_hand_over(hand_over=hand_over, by=request.user)
    except MoveNotAllowed:
        hand_over = find_hand_over(request, hand_over_id)
        return cannot(request, hand_over.case, where_it_stands(hand_over, request.user))
    return done(request, None, "Called off. The case stays where it is", reverse("caseload:hand_overs"))


def find_hand_over(request, hand_over_id, **of) -> HandOver:
    hand_over = get_object_or_404(request.org.hand_overs.with_row_data(), pk=hand_over_id, **of)
    # The case with what its sentences are made of, by the same rule as everywhere.
    cases = request.org.cases.visible_to(request.user).with_list_data()
    hand_over.case = get_object_or_404(cases, pk=hand_over.case_id)
    return hand_over


def record_seen(request, hand_over: HandOver) -> None:
    patient = hand_over.case.patient
    actions.record_seen(by=request.user, what=Seen.HAND_OVER, record_id=hand_over.pk, patient=patient)


def _only_its_writer(request, hand_over: HandOver) -> None:
    if not may_write_hand_over(request.membership, hand_over):
        raise PermissionDenied


def where_it_stands(hand_over: HandOver, reader) -> str:
    if hand_over.answered_at is None:
        return f"{hand_over.receiver.name} has not answered yet."
    said = {
        HandOverStatus.ACCEPTED: f"{hand_over.receiver.name} took them on",
        HandOverStatus.DECLINED: f"{hand_over.receiver.name} could not take them on",
        HandOverStatus.CALLED_OFF: "This hand-over was called off, or the case went another way",
    }[hand_over.status]
    return f"{said} {day_and_time(hand_over.answered_at)}."
