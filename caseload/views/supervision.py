"""What somebody takes to supervision: private until it is shared with one colleague."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile, MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from caseload import actions
from caseload.enums import Seen
from caseload.forms.supervision import ChangeSupervisionForm, ShareForm, SupervisionForm, TakenForm
from caseload.models import SupervisionItem
from caseload.views.consult import find_consult
from caseload.views.on_a_case import STILL_HERE, catch_up, done, find_case, go_to, posted, show_form

A_PAGE = 20
TAKEN = "This has been taken to supervision."


@organisation_only
def supervision(request):
    items = request.org.supervision_items.select_related("owner", "shared_with")
    mine, shared = items.filter(owner=request.user), items.filter(shared_with=request.user)
    taken = Paginator(mine.exclude(taken_at=None).order_by("-taken_at", "id"), A_PAGE)
    context = {
        "to_take": mine.to_take().order_by("made_at", "id"),
        "shared": shared.to_take().order_by("session_on", "shared_at", "id"),
        "page": taken.get_page(request.GET.get("page")),
    }
    return render(request, "caseload/supervision.html", context)


@organisation_only
def supervision_item(request, supervision_id):
    item = find_item(request, supervision_id)
    patient = item.case and item.case.patient
    actions.record_seen(by=request.user, what=Seen.SUPERVISION, record_id=item.pk, patient=patient)
    consults = request.org.consults.visible_to(request.user)
    context = {"item": item, "consult": consults.filter(pk=item.consult_id).first()}
    return render(request, "caseload/supervision_item.html", context)


@organisation_only
def add_supervision_item(request):
    return _add(request)


@organisation_only
def take_case_to_supervision(request, case_id):
    return _add(request, case=find_case(request, case_id))


@organisation_only
def take_consult_to_supervision(request, consult_id):
    consult = find_consult(request, consult_id)
    return _add(request, case=consult.case if consult.leads_to_case else None, consult=consult)


def _add(request, case=None, consult=None):
    form = SupervisionForm(posted(request))
    back = "" if case else reverse("caseload:supervision")
    if consult:
        back = reverse("caseload:consult", args=[consult.pk])
    if form.is_valid():
        try:
            about = {"case": case, "consult": consult}
            actions.add_supervision_item(organisation=request.org, by=request.user, **about, **form.cleaned_data)
            return done(request, case, "On your supervision list. Only you see it", back)
        except SentBefore:
            form.was_sent_before()
    return show_form(request, case, form, "Take to supervision", "Put on my list", back)


@organisation_only
def change_supervision_item(request, supervision_id):
    item = find_own(request, supervision_id)
    form = ChangeSupervisionForm(posted(request), initial={"words": item.words, "revision": item.revision})
    newer = []
    if form.is_valid():
        try:
            actions.change_supervision_item(item=item, by=request.user, **form.cleaned_data)
            return done(request, None, "Saved", address_of(item))
        except MoveNotAllowed:
            form.add_error(None, f"{TAKEN} {STILL_HERE}")
        except ChangedMeanwhile:
            item.refresh_from_db()
            newer = [f"It now reads: {item.words}"]
            catch_up(form, item.revision)
            form.add_error(None, f"You changed this in another window. {STILL_HERE}")
    return show_form(request, None, form, "Take to supervision", back=address_of(item), newer=newer)


@organisation_only
def share_supervision_item(request, supervision_id):
    item = find_own(request, supervision_id)
    initial = ShareForm.initial_of(item)
    form = ShareForm(posted(request), organisation=request.org, owner=request.user, initial=initial)
    if form.is_valid():
        try:
            item = actions.share_supervision_item(item=item, by=request.user, **form.cleaned_data)
            return done(request, None, f"Shared with {item.shared_with.name}. Nobody else sees it", address_of(item))
        except MoveNotAllowed:
            form.add_error(None, TAKEN)
    return show_form(request, None, form, "Share for supervision", "Share", address_of(item))


@organisation_only
@require_POST
def unshare_supervision_item(request, supervision_id):
    item = find_own(request, supervision_id)
    try:
        actions.unshare_supervision_item(item=item, by=request.user)
        messages.success(request, "Private again: only you see it")
    except MoveNotAllowed:
        messages.warning(request, TAKEN)
    return redirect(address_of(item))


@organisation_only
def supervision_taken(request, supervision_id):
    item = find_own(request, supervision_id)
    if request.method == "GET" and item.taken_at:
        messages.warning(request, TAKEN)
        return go_to(request, address_of(item))
    form = TakenForm(posted(request))
    if form.is_valid():
        try:
            actions.take_supervision_item(item=item, by=request.user, **form.cleaned_data)
            return done(request, None, "Written down", address_of(item))
        except MoveNotAllowed:
            form.add_error(None, f"{TAKEN} {STILL_HERE}")
    return show_form(request, None, form, "What came of it?", back=address_of(item))


@organisation_only
@require_POST
def remove_supervision_item(request, supervision_id):
    actions.remove_supervision_item(item=find_own(request, supervision_id), by=request.user)
    messages.success(request, "Off your list")
    return redirect("caseload:supervision")


def find_item(request, supervision_id) -> SupervisionItem:
    items = request.org.supervision_items.visible_to(request.user)
    return get_object_or_404(items.select_related("owner", "shared_with", "case__patient"), pk=supervision_id)


def find_own(request, supervision_id) -> SupervisionItem:
    item = find_item(request, supervision_id)
    if item.owner_id != request.user.pk:
        raise PermissionDenied
    return item


def address_of(item: SupervisionItem) -> str:
    return reverse("caseload:supervision_item", args=[item.pk])
