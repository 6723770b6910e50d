"""The organisation's inbox: what practices sent, and the three answers to it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from accounts.moves import MoveNotAllowed
from accounts.perms import organisation_only
from caseload.actions import record_people_seen, record_seen
from caseload.enums import Seen
from caseload.models import Case, Patient
from referrals import actions
from referrals.forms import AcceptForm, DeclineForm, InboxFilter, ReturnForm

PER_PAGE = 25
MOST_MATCHES = 10


@organisation_only
def inbox(request):
    filter_form = InboxFilter(request.GET, org=request.org)
    referrals = filter_form.filter(request.org.referrals.with_list_data())
    to_answer = request.org.referrals.submitted().oldest_first()
    context = {
        "filter_form": filter_form,
        "page": Paginator(referrals, PER_PAGE).get_page(request.GET.get("page")),
        "to_answer": to_answer.count(),
        "oldest": to_answer.select_related("organisation").first(),
    }
    return render(request, "referrals/inbox.html", context)


@organisation_only
def received(request, referral_id):
    referral = _received(request, referral_id)
    return _page(request, referral, AcceptForm(**_narrowed(request, referral)))


@organisation_only
def accept(request, referral_id):
    referral = _received(request, referral_id)
    form = AcceptForm(request.POST if request.method == "POST" else None, **_narrowed(request, referral))
    if "accept" not in referral.allowed_moves:
        return _too_late(request, referral, "accept")
    if not form.is_valid():
        return _page(request, referral, form)
    person, worker, answer = (form.cleaned_data[name] for name in ["person", "worker", "answer"])
    try:
        case = actions.accept_referral(
            referral=referral, by=request.user, patient=person, worker=worker, answer=answer
        )
    except MoveNotAllowed:
        return _too_late(request, referral, "accept")
    except actions.NumberAlreadyKnown:
        form.add_error(
            "person", "A colleague has just added somebody with this number. Open this page again to see them"
        )
        return _page(request, referral, form)
    link = reverse("caseload:case", kwargs={"case_id": case.pk})
    return _on_to_the_next(request, format_html('Accepted. <a href="{}">Open the case</a>.', link))


@organisation_only
def return_(request, referral_id):
    return _reply(request, referral_id, "return", ReturnForm, actions.return_referral, "Returned with your question.")


@organisation_only
def decline(request, referral_id):
    return _reply(request, referral_id, "decline", DeclineForm, actions.decline_referral, "Declined.")


def _reply(request, referral_id, verb, form_class, action, done):
    """Answer with words the practice will read."""
    referral = _received(request, referral_id)
    form = form_class(request.POST if request.method == "POST" else None, referral=referral)
    if verb not in referral.allowed_moves:
        return _too_late(request, referral, verb)
    if form.is_valid():
        try:
            action(referral=referral, by=request.user, **form.cleaned_data)
        except MoveNotAllowed:
            return _too_late(request, referral, verb)
        return _on_to_the_next(request, done)
    _record_seen(request, referral)
    return render(request, f"referrals/{verb}.html", {"referral": referral, "form": form})


def _received(request, referral_id):
    return get_object_or_404(request.org.referrals.with_list_data(), pk=referral_id)


def _narrowed(request, referral):
    """What the accept form is about: the people we know who are likely this one, with their open case."""
    matches = []
    if "accept" in referral.allowed_moves:
        cases = request.org.cases.select_related("worker").order_by("-opened_at", "id")
        same = request.org.patients.same_as(referral).prefetch_related(Prefetch("cases", cases, to_attr="every_case"))
        matches = list(same[:MOST_MATCHES])
        for patient in matches:
            patient.open_cases = [case for case in patient.every_case if case.is_open]
    return {"referral": referral, "org": request.org, "user": request.user, "matches": matches}


def _page(request, referral, form, **context):
    _record_seen(request, referral)
    record_people_seen(by=request.user, people=form.matches.values())
    context |= {"referral": referral, "form": form, "moves": referral.allowed_moves}
    context["perhaps_one"] = _perhaps_one(list(form.matches.values()))
    context["events"] = referral.events.by_people().order_by("at", "id")
    return render(request, "referrals/received.html", context)


def _perhaps_one(matches: list[Patient]) -> list[tuple[Patient, Case, Patient]]:
    """(person, a case of theirs, who may be the same person) of those shown side by side."""
    first = next((person for person in matches if person.every_case), None)
    return [(first, first.every_case[0], other) for other in matches if other != first] if first else []


def _record_seen(request, referral):
    record_seen(by=request.user, what=Seen.REFERRAL, record_id=referral.pk, patient=referral.patient)


def _too_late(request, referral, verb):
    """Somebody answered first: who and what, and the words that were not sent. A second click of one's own is fine."""
    if referral.was_last(verb, request.user):
        return redirect("referrals:received", referral_id=referral.pk)
    referral = _received(request, referral.pk)
    form = AcceptForm(**_narrowed(request, referral))
    return _page(request, referral, form, first=referral.latest_in_words, unsent=request.POST.get("answer", ""))


def _on_to_the_next(request, done):
    following = request.org.referrals.submitted().oldest_first().first()
    if following:
        link = reverse("referrals:received", kwargs={"referral_id": following.pk})
        done = format_html('{} <a href="{}">Next in the inbox</a>.', done, link)
    messages.success(request, done)
    return redirect("referrals:inbox")
