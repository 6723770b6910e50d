"""Writing to the person, and the organisation's own words for it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from accounts.lock_screen import shown_of
from accounts.moves import ChangedMeanwhile, MoveNotAllowed, SentBefore
from accounts.perms import manager_only, organisation_only
from accounts.words import day_and_time
from caseload import actions
from caseload.actions.message import NotPermitted, ShownOnALockScreen
from caseload.enums import Channel, Ending, Seen
from caseload.forms.message import TemplateForm, WriteForm, locked_phone_error, unavailable_ways
from caseload.models import Case, MessageTemplate
from caseload.perms import address_for
from caseload.views.on_a_case import STILL_HERE, cannot, catch_up, done, find_case, go_to, posted, way_back_to
from caseload.wording import (
    ABOUT,
    filled,
    offered_by,
    phone_of,
    sender_of,
    subject_of,
    templates_of,
    values_for,
)

A_TEXT = 160
SHOWN = 10
CHANGED = "Somebody changed who may be written to, or how. Look at the ways below, then send it again"


@dataclass(frozen=True)
class Preview:
    """How the words arrive: as a locked phone shows them, and in full."""

    sender: str
    subject: str
    body: str
    is_letter: bool

    @property
    def shown(self) -> str:
        return shown_of(self.body)

    @property
    def texts(self) -> int:
        return -(-len(self.body) // A_TEXT)


@organisation_only
def write(request, case_id):
    """Write to the person: choose the way and the words, see how they arrive, send."""
    case = find_case(request, case_id)
    if request.method == "GET" and case.ending == Ending.DIED:
        return cannot(request, case, f"{case.patient.short_name} has died. Nothing is sent.")
    templates = offered_by(request.org)
    chosen = _chosen(templates, request.GET)
    form = WriteForm(posted(request), case=case, by=request.user, initial=_begin(case, request.user, chosen))
    if form.is_valid() and request.POST.get("step") == "send" and (sent := _send(request, case, form)):
        return sent
    actions.record_seen(by=request.user, what=Seen.DETAILS, record_id=case.patient_id, patient=case.patient)
    context = {
        "case": case,
        "form": form,
        "templates": templates,
        "chosen": chosen,
        "preview": _preview(request, case, form),
        "unavailable": unavailable_ways(case),
        "written": case.messages.select_related("by").newest_first()[:SHOWN],
        "cancel": way_back_to(request, case),
    }
    response = render(request, "caseload/includes/preview.html" if request.htmx else "caseload/write.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _chosen(templates: list[MessageTemplate], asked) -> MessageTemplate | None:
    """The words asked for by name (?template=) or occasion (?occasion=)."""
    wanted = asked.get("template"), asked.get("occasion")
    return next((each for each in templates if wanted[0] == str(each.pk) or wanted[1] == each.occasion), None)


def _begin(case: Case, by, chosen: MessageTemplate | None) -> dict:
    if chosen is None:
        return {}
    return {"body": filled(chosen.body, values_for(case, by)), "about": ABOUT[chosen.occasion]}


def _preview(request, case: Case, form: WriteForm) -> Preview | None:
    """Of what is typed, or of the words just chosen; nothing while something is wrong with them."""
    said = form.cleaned_data if form.is_bound else {"body": form["body"].value(), "channel": form["channel"].value()}
    if not said.get("body"):
        return None
    channel = said.get("channel")
    sender = sender_of(case.organisation, request.user)
    subject = subject_of(sender) if channel == Channel.EMAIL else ""
    return Preview(sender, subject, said["body"], channel == Channel.LETTER)


def _send(request, case: Case, form: WriteForm):
    """What follows when it has gone, or nothing, with what stands in the way on the form."""
    said = {**form.cleaned_data}
    try:
        if said["channel"] == Channel.LETTER:
            del said["channel"]
            letter = actions.write_letter(case=case, by=request.user, **said)
            messages.success(request, "Kept as a letter. Print it, and post it")
            return redirect("caseload:letter", case_id=case.pk, message_id=letter.pk)
        actions.send_message(case=case, by=request.user, **said)
        return done(request, case, "On its way. Whether it could be sent is shown with the case")
    except NotPermitted:
        form.add_error("channel", CHANGED)
    except ShownOnALockScreen as shown:
        form.add_error("body", locked_phone_error(str(shown)))
    except MoveNotAllowed:
        form.add_error(None, f"{case.patient.short_name} has died. Nothing is sent")
    except SentBefore:
        form.was_sent_before()
    return None


@organisation_only
def letter(request, case_id, message_id):
    """To print: the words, where they go, who writes."""
    case = find_case(request, case_id)
    written = get_object_or_404(case.messages.filter(channel=Channel.LETTER).select_related("by"), pk=message_id)
    actions.record_seen(by=request.user, what=Seen.DETAILS, record_id=case.patient_id, patient=case.patient)
    context = {
        "case": case,
        "letter": written,
        "is_permitted": address_for(case.patient, Channel.LETTER) == written.to,
        "phone": phone_of(case.organisation),
    }
    return render(request, "caseload/letter.html", context)


@require_POST
@organisation_only
def try_again(request, case_id, message_id):
    case = find_case(request, case_id)
    message = get_object_or_404(case.messages, pk=message_id)
    try:
        actions.try_message_again(message=message, by=request.user)
        return done(request, case, "Trying again. Whether it could be sent is shown with the case")
    except NotPermitted:
        messages.warning(request, f"{case.patient.short_name} has not said we may reach them that way, or not there.")
        return go_to(request, way_back_to(request, case))


@manager_only
def templates(request):
    """The organisation's words for messages."""
    return render(request, "caseload/templates.html", {"templates": templates_of(request.org)})


@manager_only
def add_template(request):
    return _edit(request, MessageTemplate(organisation=request.org))


@organisation_only
def edit_template(request, template_id: UUID):
    template = next((each for each in templates_of(request.org) if each.pk == template_id), None)
    if template is None:
        raise Http404
    if not request.membership.is_manager:
        raise PermissionDenied
    return _edit(request, template)


def _edit(request, template: MessageTemplate):
    form = TemplateForm(posted(request), initial=TemplateForm.initial_of(template))
    if form.is_valid():
        try:
            actions.change_template(template=template, by=request.user, **form.cleaned_data)
            messages.success(request, "Words saved")
            return redirect("caseload:templates")
        except ChangedMeanwhile:
            template.refresh_from_db()
            when = day_and_time(template.changed_at)
            form.add_error(None, f"{template.changed_by} changed these words {when}. {STILL_HERE}")
            catch_up(form, template.revision)
    context = {
        "form": form,
        "template": template,
        "versions": template.history.select_related("changed_by").order_by("-pgh_created_at", "-pgh_id"),
    }
    return render(request, "caseload/template.html", context)
