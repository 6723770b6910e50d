from caseload import actions
from caseload.forms.draft import SentDraftForm
from caseload.models import Case


def ForgetSentDraftsMiddleware(get_response):
    """A form that was sent and led on to another page has been saved: its draft (static/js/drafts.js) goes.

    A form that comes back with errors, a lost session, a page that says "too late" (`request.keep_draft`):
    none of them has kept what was typed, so that the draft stays.
    """

    def middleware(request):
        response = get_response(request)
        if request.method == "POST" and "draft" in request.POST and _was_saved(request, response):
            _forget(request)
        return response

    return middleware


def _was_saved(request, response) -> bool:
    led_on = 300 <= response.status_code < 400 or "HX-Redirect" in response
    return led_on and request.user.is_authenticated and not getattr(request, "keep_draft", False)


def _forget(request) -> None:
    case_id = request.resolver_match.kwargs.get("case_id")
    case = Case.objects.visible_to(request.user).filter(pk=case_id).first()
    said = SentDraftForm(request.POST)
    if case and said.is_valid():
        actions.forget_sent_drafts(
            case=case,
            by=request.user,
            draft_id=said.cleaned_data["draft"],
            form=request.path,
            sent=request.POST.dict(),
            instead_of=said.cleaned_data["draft_instead_of"],
            as_written=said.cleaned_data["draft_as_written"],
        )
