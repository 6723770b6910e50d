"""The worker's side of referring on: choose a service, see what it will read, follow the loop until it closes."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from accounts.moves import MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from assets.models import directory
from caseload.actions import record_seen
from caseload.enums import Place, Seen
from caseload.shortlist import services_of
from caseload.views.on_a_case import cannot, done, find_case, posted, show_form
from referrals import actions
from referrals.enums import OnwardKind
from referrals.forms import (
    AnswerForm,
    AskPersonForm,
    CallOffForm,
    DirectoryForm,
    HeardForm,
    OnwardFilter,
    ReferOnForm,
    ResendForm,
    ServiceSearchForm,
)
from referrals.models import onward_referrals_of

PER_PAGE = 25
MOST_FOUND = 20
CLOSED = "This case is closed. Reopen it first."
BUTTONS = ["send", "change", "csrfmiddlewaretoken"]


@organisation_only
def onward_list(request):
    filter_form = OnwardFilter(request.GET, user=request.user)
    all_of_ours = onward_referrals_of(request.org, request.user)
    found = filter_form.filter(all_of_ours).with_list_data().newest_first()
    context = {
        "filter_form": filter_form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "open_count": all_of_ours.open().count(),
        "question_count": all_of_ours.with_question().count(),
    }
    return render(request, "referrals/onward_list.html", context)


@organisation_only
def refer_on(request, case_id):
    """?asset= names the service; without it there is a search by name."""
    case = find_case(request, case_id)
    if not case.is_open:
        return cannot(request, case, CLOSED)
    service = _service(request.GET.get("asset", ""))
    if service is None or service.is_closed:
        return _choose(request, case, service)
    if str(service.pk) != request.GET["asset"]:
        messages.warning(request, f"What you chose is now listed as {service.name}.")
    form = ReferOnForm(posted(request), case=case, asset=service)
    if not form.is_valid() or "change" in request.POST:
        return _form_page(request, case, service, form)
    if form.is_told and "send" not in request.POST:
        return _preview(request, case, service, form)
    try:
        onward = actions.refer_on(case=case, by=request.user, asset=service, **form.asked)
    except MoveNotAllowed:
        return cannot(request, case, CLOSED)
    except SentBefore:
        form.was_sent_before()
        return _form_page(request, case, service, form)
    except actions.ServiceGone:
        form.add_error(None, f"{service.name} has just closed or left the directory. Nothing was sent")
        return _form_page(request, case, service, form)
    messages.success(request, _sent_words(case, onward))
    return redirect("referrals:onward", case_id=case.pk, onward_id=onward.pk)


@organisation_only
def onward(request, case_id, onward_id):
    case, referred = _find(request, case_id, onward_id)
    record_seen(by=request.user, what=Seen.CASE, record_id=case.pk, patient=case.patient)
    context = {
        "case": case,
        "onward": referred,
        "moves": referred.allowed_moves,
        "book_url": _book_url(referred),
        "last_use": referred.link_uses.filter(was_valid=True).order_by("-at", "-id").first(),
    }
    return render(request, "referrals/onward.html", context)


@organisation_only
def heard(request, case_id, onward_id):
    return _step(
        request,
        _find(request, case_id, onward_id),
        HeardForm,
        lambda form, **who: actions.hear_from_service(**who, **form.heard),
        heading="What did you hear from {service}?",
        said="Noted",
        with_onward=True,
    )


@organisation_only
def call_off(request, case_id, onward_id):
    return _step(
        request,
        _find(request, case_id, onward_id),
        CallOffForm,
        lambda form, **who: actions.call_off(**who, **form.cleaned_data),
        heading="Call it off with {service}",
        said="Called off. The link they were sent says so",
        button="Call it off",
        is_too_late=lambda referred: not {"cancel", "enter_in_error"} & referred.allowed_moves,
    )


@organisation_only
def answer_question(request, case_id, onward_id):
    case, referred = _find(request, case_id, onward_id)
    return _step(
        request,
        (case, referred),
        AnswerForm,
        lambda form, **who: actions.answer_question(**who, **form.cleaned_data),
        heading="Answer {service}",
        said="Answered",
        button="Send the answer",
        first=f"They ask: “{referred.question.words}”" if referred.question else "",
        is_too_late=lambda referred: referred.question is None,
        with_onward=True,
    )


@organisation_only
def resend(request, case_id, onward_id):
    case, referred = _find(request, case_id, onward_id)
    return _step(
        request,
        (case, referred),
        ResendForm,
        lambda form, **who: actions.resend_link(**who, **form.cleaned_data),
        heading="Send {service} a new link",
        said="A new link is on its way. The one before works no more",
        button="Send it",
        initial={"sent_to": referred.sent_to or referred.asset.email or referred.asset.contact_email},
        is_too_late=lambda referred: not (referred.is_open and referred.consent and case.is_open),
    )


@organisation_only
def ask_person(request, case_id, onward_id):
    return _step(
        request,
        _find(request, case_id, onward_id),
        AskPersonForm,
        lambda form, **who: actions.ask_person(**who, **form.cleaned_data),
        heading="Ask {person} about {service}",
        said="Written down",
        is_too_late=lambda referred: not referred.may_ask_person,
        before_contact=True,
    )


@organisation_only
def end_consent(request, case_id, onward_id):
    case, referred = _find(request, case_id, onward_id)
    if request.method != "POST":
        return render(request, "referrals/onward_consent.html", {"case": case, "onward": referred})
    actions.end_consent(onward=referred, by=request.user)
    messages.success(request, f"{referred.asset.name} can read nothing of {case.patient.short_name} any more.")
    return redirect("referrals:onward", case_id=case.pk, onward_id=referred.pk)


@organisation_only
def learnt(request, case_id, onward_id):
    case, referred = _find(request, case_id, onward_id)
    now = {name: getattr(referred.asset, name) for name in ["capacity", "wait_weeks", "threshold"]}
    heard = {name: getattr(referred, name) for name in ["capacity", "wait_weeks"] if getattr(referred, name)}
    return _step(
        request,
        (case, referred),
        DirectoryForm,
        lambda form, **who: actions.put_in_directory(**who, **form.cleaned_data),
        heading="What did you learn about {service}?",
        said="In the directory now",
        button="Put it in the directory",
        initial=now | heard,
        first="Everybody who uses the directory reads this. Write nothing about a person.",
    )


def _step(
    request, found, form_class, act, *, heading, said, button="Save", is_too_late=None, with_onward=False,
    initial=None, **context,
):  # fmt: skip
    """One form about an onward referral: valid, it acts; whose moment has passed, it says where things stand."""
    case, referred = found
    if request.method == "GET" and is_too_late and is_too_late(referred):
        return cannot(request, case, _where_it_stands(referred))
    narrowed = {"onward": referred} if with_onward else {}
    form = form_class(posted(request), **narrowed, **({"initial": initial} if initial else {}))
    if form.is_valid():
        try:
            act(form, onward=referred, by=request.user)
            return done(request, case, said)
        except (MoveNotAllowed, actions.NotAgreed):
            return cannot(request, case, _where_it_stands(_find(request, case.pk, referred.pk)[1]))
    heading = heading.format(service=referred.asset.name, person=case.patient.short_name)
    return show_form(request, case, form, heading, button, **context)


def _where_it_stands(referred) -> str:
    last = referred.all_events[-1].in_words if referred.all_events else ""
    return f"{last}. {referred.state_words} Nothing was changed."


def _find(request, case_id, onward_id):
    case = find_case(request, case_id)
    referred = get_object_or_404(case.onward_referrals.with_list_data(), pk=onward_id)
    return case, referred


def _service(key: str):
    """The service by its key, or the one it was merged into; None when the directory has neither."""
    try:
        key = UUID(key)
    except ValueError:
        return None
    return directory().filter(pk=key).first() or directory().filter(merged=key).first()


def _choose(request, case, closed):
    form = ServiceSearchForm(request.GET if "q" in request.GET else None)
    if closed:
        messages.warning(request, f"{closed.name} has closed. Choose another service.")
    elif request.GET.get("asset"):
        messages.warning(request, "That service is not in the directory any more. Look for it by its name.")
    context = {
        "case": case,
        "form": form,
        "services": form.filter(directory())[:MOST_FOUND] if form.is_bound else [],
        "shortlist": services_of(case),
    }
    return render(request, "referrals/onward_choose.html", context)


def _form_page(request, case, service, form):
    context = {"case": case, "service": service, "form": form, "person": case.patient}
    return render(request, "referrals/onward_new.html", context)


def _preview(request, case, service, form):
    """What the service will read, and everything that was typed, to be sent or changed."""
    typed = [(name, value) for name, values in request.POST.lists() if name not in BUTTONS for value in values]
    context = {"case": case, "service": service, "asked": form.asked, "typed": typed, "worker": request.user}
    return render(request, "referrals/onward_preview.html", context)


def _sent_words(case, referred):
    if referred.sent_to:
        said = f"On its way to {referred.asset.name}. You will see here what they answer."
    elif referred.is_signpost:
        said = f"Noted: {case.patient.short_name} knows of {referred.asset.name}."
    else:
        said = "Noted. Nothing was sent: write down here what you hear."
    if referred.kind != OnwardKind.ACCOMPANIED:
        return said
    return format_html('{} <a href="{}">Book the visit</a>.', said, _book_url(referred))


def _book_url(referred) -> str:
    """The booking form, filled in for a visit together."""
    place = {"accompanied": "1", "place": Place.COMMUNITY.value, "place_detail": referred.asset.name[:200]}
    return f"{reverse('caseload:book', args=[referred.case_id])}?{urlencode(place)}"
