"""Questions to colleagues: the first page of Team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.moves import MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from accounts.words import day_and_time
from caseload import actions
from caseload.enums import Seen
from caseload.forms.consult import AnswerForm, AskForm, DecideForm, OpensForm, beginning
from caseload.models import Consult
from caseload.views.on_a_case import STILL_HERE, done, find_case, posted, show_form, way_back_to

A_PAGE = 20


@organisation_only
def team(request):
    """What is asked: of the reader, by the reader, in the team; and what was decided."""
    consults = request.org.consults.visible_to(request.user).with_row_data(request.user)
    asked_of_you = set(request.org.consults.asked_of(request.user).values_list("pk", flat=True))
    opened = list(consults.open().order_by("-asked_at", "id"))
    decided = Paginator(consults.exclude(closed_at=None).order_by("-closed_at", "id"), A_PAGE)
    context = {
        "asked_of_you": [each for each in opened if each.pk in asked_of_you],
        "yours": [each for each in opened if each.asked_by == request.user],
        "others": [each for each in opened if each.pk not in asked_of_you and each.asked_by != request.user],
        "page": decided.get_page(request.GET.get("page")),
    }
    return render(request, "caseload/team.html", context)


@organisation_only
def ask(request):
    return _ask(request, None)


@organisation_only
def ask_about(request, case_id):
    return _ask(request, find_case(request, case_id))


def _ask(request, case):
    initial = {"opens": "nobody", "whom": "team", "question": beginning(case) if case else ""}
    form = AskForm(posted(request), organisation=request.org, by=request.user, case=case, initial=initial)
    back = "" if case else reverse("caseload:team")
    if form.is_valid():
        try:
            actions.ask_colleagues(organisation=request.org, by=request.user, case=case, **form.cleaned_data)
            return done(request, case, "Asked. Nothing waits for the answers: go on as you see fit", back)
        except SentBefore:
            form.was_sent_before()
    first = "Asking is not asking permission. You decide, with answers or without."
    return show_form(request, case, form, "Ask colleagues", "Ask", back, first=first)


@organisation_only
def consult(request, consult_id):
    consult = find_consult(request, consult_id)
    form = AnswerForm(posted(request))
    if consult.asked_by == request.user:
        form.fields["words"].label = "Add a word"
    if form.is_valid():
        try:
            actions.answer_consult(consult=consult, by=request.user, **form.cleaned_data)
            messages.success(request, "Answer added")
            return redirect("caseload:consult", consult.pk)
        except SentBefore:
            form.was_sent_before()
    record_seen(request, consult)
    context = {
        "consult": consult,
        "answers": consult.answers.select_related("by").order_by("at", "id"),
        "form": form,
        "may_open": [row.user.name for row in consult.colleagues.all() if row.may_open],
        "may_decide": consult.is_open and consult.may_be_closed_by(request.user),
        "is_asked": request.org.consults.asked_of(request.user).filter(pk=consult.pk).exists(),
    }
    return render(request, "caseload/consult.html", context)


@organisation_only
@require_POST
def pass_on_consult(request, consult_id):
    actions.pass_on_consult(consult=find_consult(request, consult_id), by=request.user)
    messages.success(request, "No longer asked of you. You can still answer")
    return redirect(way_back_to(request, None, reverse("caseload:team")))


@organisation_only
def decide(request, consult_id):
    consult = find_consult(request, consult_id)
    if not consult.may_be_closed_by(request.user):
        raise PermissionDenied
    back = address_of(consult)
    form = DecideForm(posted(request))
    if form.is_valid():
        try:
            actions.close_consult(consult=consult, by=request.user, **form.cleaned_data)
            return done(request, None, "Decision written down", back)
        except MoveNotAllowed:
            consult.refresh_from_db()
            who = "You" if consult.closed_by == request.user else consult.closed_by.name
            form.add_error(None, f"{who} wrote down a decision {day_and_time(consult.closed_at)}. {STILL_HERE}")
    return show_form(request, None, form, "What did you decide?", "Close the question", back)


@organisation_only
def who_opens(request, consult_id):
    """Let colleagues open the case from a question, or no longer."""
    consult = find_consult(request, consult_id)
    if not consult.case_id or not consult.leads_to_case:
        raise Http404
    if not consult.may_be_closed_by(request.user):
        raise PermissionDenied
    form = OpensForm(
        posted(request), organisation=request.org, by=consult.asked_by, initial=OpensForm.initial_of(consult)
    )
    if form.is_valid():
        actions.change_who_opens(consult=consult, by=request.user, **form.cleaned_data)
        return done(request, None, "Saved", address_of(consult))
    return show_form(request, None, form, "Who may open the case", back=address_of(consult))


def find_consult(request, consult_id) -> Consult:
    consults = request.org.consults.visible_to(request.user).with_row_data(request.user)
    return get_object_or_404(consults, pk=consult_id)


def address_of(consult: Consult) -> str:
    return reverse("caseload:consult", args=[consult.pk])


def record_seen(request, consult: Consult) -> None:
    patient = consult.case and consult.case.patient
    actions.record_seen(by=request.user, what=Seen.CONSULT, record_id=consult.pk, patient=patient)
