"""What every page and form on a case shares: finding it, showing a form, going back, and acting at the same time."""

from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from accounts.moves import ChangedMeanwhile, MoveNotAllowed, SentBefore
from caseload import actions
from caseload.enums import Seen, Verb
from caseload.models import Case
from caseload.timeline import last_change, latest

CHANGES_OF_STATUS = [Verb.CLOSED, Verb.REOPENED, Verb.HOLD_STARTED, Verb.HOLD_ENDED]
CLOSED = "This case is closed. Reopen it first."
STILL_HERE = "What you wrote is still here."


def find_case(request, case_id) -> Case:
    """A case one may do something with: whose person was anonymised, there is nothing to do with."""
    return get_object_or_404(every_case(request).filter(patient__anonymised_on=None), pk=case_id)


def every_case(request) -> QuerySet:
    """Also of people who were anonymised, to be read."""
    return request.org.cases.visible_to(request.user).select_related("patient", "worker", "practice", "organisation")


def posted(request):
    return request.POST if request.method == "POST" else None


def way_back_to(request, case: Case | None, back: str = "") -> str:
    """Where the form was opened from (?next=), or the page it belongs to, or the case."""
    asked = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return back or (reverse("caseload:case", args=[case.pk]) if case else reverse("accounts:home"))


def go_to(request, url: str):
    """To another page, also from a form opened in place."""
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


def done(request, case: Case | None, said: str, back: str = ""):
    messages.success(request, said)
    return go_to(request, way_back_to(request, case, back))


def address_of(request, page: str, case: Case) -> str:
    """Another form on this case, which goes back to where this one was opened."""
    return f"{reverse(page, args=[case.pk])}?{urlencode({'next': way_back_to(request, case)})}"


def cannot(request, case: Case, why: str):
    """Instead of a form whose moment has passed: why, and back. What was typed has not been saved."""
    request.keep_draft = True
    messages.warning(request, why)
    return go_to(request, way_back_to(request, case))


def show_form(
    request, case: Case | None, form: forms.Form, heading: str, button: str = "Save", back: str = "", **context
):
    """A form as a page of its own, or in place for htmx. One that was sent twice is done already."""
    if form.is_bound and form.is_valid():
        return go_to(request, way_back_to(request, case, back))
    if case:
        actions.record_seen(by=request.user, what=Seen.DETAILS, record_id=case.patient_id, patient=case.patient)
    context |= {
        "case": case,
        "form": form,
        "heading": heading,
        "button": button,
        "cancel": way_back_to(request, case, back),
        "caption": case.patient.name if case else "",
    }
    context.setdefault("action", request.get_full_path())
    template = "caseload/includes/form_in_place.html" if request.htmx else "caseload/form.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@contextmanager
def told_on(form: forms.Form, request, case: Case, *verbs: Verb):
    """Turn "somebody acted first" into words on the form: who did what, when. Nothing typed is lost.

    `verbs` are the events this form's own action leaves. Where one of them is what stands in the way, and
    is one's own, the form was sent twice: there is nothing to tell.
    """
    try:
        yield
    except MoveNotAllowed:
        in_the_way = latest(case, [*CHANGES_OF_STATUS, *verbs])
        if in_the_way and in_the_way.verb in verbs and in_the_way.by == request.user:
            return
        form.add_error(None, f"{last_change(case, request.user, *CHANGES_OF_STATUS, *verbs)} {STILL_HERE}")
    except ChangedMeanwhile:
        form.add_error(None, f"{last_change(case, request.user, *verbs)} {STILL_HERE}")
    except SentBefore:
        form.was_sent_before()


def catch_up(form: forms.Form, revision: int, field: str = "revision") -> None:
    """Let the next try start from the newer version its writer has now been shown."""
    form.data = form.data.copy()
    form.data[field] = revision


def now_reads(record, fields: list[str], typed: dict) -> list[str]:
    """What a colleague has written meanwhile, where it is not what was typed."""
    return [
        f"{record._meta.get_field(name).verbose_name.capitalize()} now reads: {words or 'nothing'}"
        for name in fields
        if (words := getattr(record, name)) != typed[name]
    ]
