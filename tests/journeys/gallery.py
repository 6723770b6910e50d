"""A page of every component, for tests alone: never part of the service."""

from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils import timezone

from accounts.fields import BirthDateField, ShortDateField, TimeField
from accounts.forms import OnceForm, Reveal
from caseload.models import Appointment, Case, Flag, Patient
from referrals.models import Referral


class GalleryForm(OnceForm):
    name = forms.CharField(help_text="As they like to be called", error_messages={"required": "Enter a name"})
    born = BirthDateField(label="Date of birth", help_text="For example, 27 3 1985")
    phone = forms.CharField(required=False)
    outcome = forms.ChoiceField(
        label="How did it go?",
        widget=forms.RadioSelect,
        choices=[("attended", "Met"), ("missed", "Missed")],
        error_messages={"required": "Say how it went"},
    )
    barrier = forms.ChoiceField(
        label="What got in the way?", required=False, choices=[("", "Not known"), ("transport", "Getting there")]
    )
    needs = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        choices=[("housing", "Housing"), ("legal", "Legal")],
        error_messages={"required": "Choose at least one"},
    )
    review_on = ShortDateField(earliest=0, quick_picks={"tomorrow": 1, "in 1 week": 7, "in 4 weeks": 28})
    at = TimeField(label="Time")
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    agreed = forms.BooleanField(label="The person agrees", error_messages={"required": "Ask the person first"})

    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("Who", "name", "born", "phone"),
        Fieldset("The meeting", Reveal("outcome", {"missed": ["barrier"]}), "needs", Row("review_on", "at"), "note"),
        "agreed",
    )


class FilterForm(forms.Form):
    status = forms.ChoiceField(required=False, choices=[("", "Any (42)"), ("holding", "Holding (31)")])


def page_of_forms(request):
    form = GalleryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        messages.success(request, "Meeting logged")
        return redirect("/gallery/")
    template = "components/form_in_place.html" if request.htmx else "components/form_page.html"
    return render(
        request, template, {"form": form, "heading": "Log a meeting", "button": "Log", "cancel": "/gallery/"}
    )


def page_of_components(request):
    now = timezone.now()
    messages.success(request, "Contact logged")
    person = Patient(
        given_name="Samuel",
        preferred_name="Sam",
        family_name="Kerr",
        date_of_birth=now.date().replace(year=now.year - 54, day=1),
        phone="0141 496 0000",
        may_call=True,
        safe_contact_note="Ring only after 3 pm.",
    )
    context = {
        "now": now,
        "person": person,
        "flag": Flag(rule="open_after_missed", why="Missed on Thursday. Nobody has reached Sam since.", since=now),
        "tagged": [
            *[Case(status=status) for status in ["waiting", "active", "holding", "closed"]],
            *[Referral(status=status) for status in ["submitted", "accepted", "returned", "declined", "withdrawn"]],
            *[Appointment(outcome=outcome) for outcome in ["", "attended", "missed", "cancelled_by_person"]],
        ],
        "page": Paginator([SimpleNamespace(name=f"Sam {n}") for n in range(60)], 25).get_page(2),
        "filter_form": FilterForm(request.GET),
        "barriers": [("Waiting list", 12, "/gallery/"), ("Cost", 3), ("Distance", None)],
        "months": [("Sep", 3), ("Oct", None), ("Nov", 11)],
    }
    return render(request, "gallery.html", context)


urlpatterns = [
    path("gallery/", login_not_required(page_of_components)),
    path("gallery/form/", login_not_required(page_of_forms)),
    path("", include("linkwork.urls")),
]
