"""Questions for somebody's own phone: the link a worker makes, and the page it opens (docs/adr/0014-measures.md)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.links import TOO_MANY, by_link, count_wrong_try, is_overused, nothing_here, too_many_wrong_tries
from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from accounts.perms import organisation_only
from caseload import actions
from caseload.actions.message import NotPermitted, ShownOnALockScreen
from caseload.enums import Seen
from caseload.forms.measure import LinkQuestionsForm, QuestionsForm, SendQuestionsForm
from caseload.links import LinkState, look_up, url_of
from caseload.offered import offered_by_link
from caseload.views.on_a_case import CLOSED, cannot, find_case, posted

OVER = "The link has been used or taken back."
# For each state of a link that is good for nothing: what the answer is called, and in words.
GONE = {
    LinkState.USED: (410, "Thank you", "Your answers have been sent. You can close this page."),
    LinkState.EXPIRED: (410, "This link has run out", "Ask whoever sent it for a new one."),
    LinkState.RECALLED: (410, "This link is not used any more", "If a newer message came, use the link in that one."),
    LinkState.CLOSED: (410, "This link is not used any more", "There is nothing to answer."),
    LinkState.UNKNOWN: (404, "This link does not work", "Part of it may be missing. Copy the whole link."),
}


@organisation_only
def link_questions(request, case_id):
    """Make a link, and hand it over: by text or email, as a code to scan, or copied."""
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    current = _live_link(case)
    form = LinkQuestionsForm(posted(request), measures=list(offered_by_link(case).values()), current=current)
    if form.is_valid():
        try:
            actions.link_questions(case=case, by=request.user, **form.cleaned_data)
            return redirect("caseload:link_questions", case_id=case.pk)
        except MoveNotAllowed:
            return cannot(request, case, CLOSED)
        except ChangedMeanwhile:
            messages.warning(request, "A colleague has made another link meanwhile: this one.")
            return redirect("caseload:link_questions", case_id=case.pk)
    return _link_page(request, case, form=form)


@require_POST
@organisation_only
def send_questions(request, case_id):
    case = find_case(request, case_id)
    link = _live_link(case)
    if link is None:
        return cannot(request, case, OVER)
    form = SendQuestionsForm(request.POST, case=case)
    if form.is_valid():
        try:
            actions.send_message(case=case, by=request.user, about="a few questions", **form.cleaned_data)
            messages.success(request, "On its way. Whether it was sent is shown on the case")
            return redirect("caseload:measures", case_id=case.pk)
        except NotPermitted:
            form.add_error("channel", f"{case.patient.short_name} has not said we may send them that")
        except ShownOnALockScreen as shown:
            form.add_error("body", f"A locked phone would show “{shown}”. Begin with other words")
        except MoveNotAllowed:
            return cannot(request, case, "No message can be sent.")
    return _link_page(request, case, send_form=form)


@require_POST
@organisation_only
def recall_questions(request, case_id):
    case = find_case(request, case_id)
    actions.recall_questions(case=case, by=request.user)
    messages.success(request, "Taken back. The link opens nothing any more")
    return redirect("caseload:measures", case_id=case.pk)


def _live_link(case):
    link = case.questions_links.unused().first()
    return link if link and link.is_live else None


def _link_page(request, case, form=None, send_form=None):
    actions.record_seen(by=request.user, what=Seen.MEASURES, record_id=case.pk, patient=case.patient)
    link = _live_link(case)
    context = {"case": case, "link": link, "address": url_of(link) if link else ""}
    context["link_form"] = form or LinkQuestionsForm(measures=list(offered_by_link(case).values()), current=link)
    if link:
        initial = SendQuestionsForm.initial_of(case, request.user, link)
        context["send_form"] = send_form or SendQuestionsForm(case=case, initial=initial)
    context["form"] = send_form or form  # whose errors the page sums up
    return render(request, "caseload/questions_link.html", context)


# No cookie lets anybody in here, only the address itself: there is nothing for a forged request to ride on.
@csrf_exempt
@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request, token):
    """The person's own page. Opening it changes nothing; sending it uses the link up."""
    if too_many_wrong_tries(request):
        return nothing_here(request, *TOO_MANY)
    state, link = look_up(token)
    if link is None:
        count_wrong_try(request)
    elif is_overused(f"questions-{link.pk}"):
        return nothing_here(request, *TOO_MANY)
    elif state == LinkState.LIVE and (asked := _asked(link)):
        return _answer(request, token, link, asked)
    else:
        actions.record_questions_use(link=link, by=None, did="open", was_valid=False)
    return nothing_here(request, *GONE[LinkState.RECALLED if state == LinkState.LIVE else state])


def _asked(link):
    """What the link asks, as far as it is still offered."""
    return [measure for code, measure in offered_by_link(link.case).items() if code in link.measures]


def _answer(request, token, link, asked):
    form = QuestionsForm(posted(request), measures=asked, concerns={})
    if form.is_valid():
        try:
            actions.fill_in_by_link(link=link, by=None, answers=form.answers, concerns=form.concerns)
        except (MoveNotAllowed, ChangedMeanwhile):
            actions.record_questions_use(link=link, by=None, did="too_late", was_valid=False)
        else:
            actions.record_questions_use(link=link, by=None, did="answer", was_valid=True)
        return redirect("caseload:questions", token=token)
    actions.record_questions_use(link=link, by=None, did="open", was_valid=True)
    return render(
        request, "caseload/questions.html", {"form": form, "link": link, "organisation": link.case.organisation}
    )
