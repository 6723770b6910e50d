"""What static/js/drafts.js asks: one's own words that are not sent yet. Nothing here shows anything of the person."""

from base64 import b64encode

from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.perms import organisation_only
from accounts.words import clock, day_and_time, local_day
from caseload import actions
from caseload.forms.draft import DraftForm, DropDraftForm
from caseload.models import Case, Draft
from caseload.views.on_a_case import done, find_case


@require_POST
@never_cache
@organisation_only
def open_drafts(request, case_id):
    """One's drafts of a form, newest first; and the key to what the browser keeps while the server is away."""
    case = find_case(request, case_id)
    drafts = request.user.drafts.live().filter(case=case, form=request.POST.get("form", ""))
    found = [_as_json(draft) for draft in drafts.order_by("-written_at", "id")]
    return JsonResponse({"key": _key_of(request.user), "drafts": found})


@require_POST
@never_cache
@organisation_only
def keep_draft(request, case_id):
    case = find_case(request, case_id)
    form = DraftForm(request.POST, address=_address(case))
    if not form.is_valid():
        return HttpResponseBadRequest()
    return JsonResponse({"kept": actions.keep_draft(case=case, by=request.user, **form.cleaned_data)})


@require_POST
@never_cache
@organisation_only
def drop_draft(request, case_id):
    case = find_case(request, case_id)
    form = DropDraftForm(request.POST, address=_address(case))
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.drop_draft(case=case, by=request.user, **form.cleaned_data)
    return JsonResponse({})


@organisation_only
@require_POST
def discard_draft(request, case_id, draft_id):
    """The same from Today, for one whose form is not open."""
    case = find_case(request, case_id)
    draft = get_object_or_404(request.user.drafts.filter(case=case), pk=draft_id)
    actions.drop_draft(case=case, by=request.user, draft_id=draft.pk, form=draft.form)
    return done(request, case, "Discarded")


def _address(case: Case) -> str:
    return reverse("caseload:case", args=[case.pk])


def _as_json(draft: Draft) -> dict:
    is_of_today = local_day(draft.written_at) == timezone.localdate()
    said = f"at {clock(draft.written_at)}" if is_of_today else day_and_time(draft.written_at)
    at = int(draft.written_at.timestamp() * 1000)
    as_written = draft.written_at.isoformat()
    found = {"id": str(draft.pk), "words": draft.words, "base": draft.base}
    return found | {"at": at, "said": said, "as_written": as_written}


def _key_of(user) -> str:
    """Only whoever is signed in as them gets it: what it locks is of no use to the next person at the computer."""
    return b64encode(salted_hmac("caseload.drafts", str(user.pk), algorithm="sha256").digest()).decode()
