import uuid

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from accounts.forms import OnceForm, Reveal


class MeetingForm(OnceForm):
    name = forms.CharField(help_text="As they like to be called", error_messages={"required": "Enter a name"})
    phone = forms.CharField(required=False)
    outcome = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("met", "Met"), ("missed", "Missed")],
        error_messages={"required": "Say how it went"},
    )
    needs = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("housing", "Housing")], required=False
    )
    barrier = forms.CharField(required=False)


def drawn(form):
    source = "{% load crispy_forms_tags %}{% crispy form %}"
    return Template(source).render(Context({"form": form}))


def test_the_pack_draws_fields_and_leaves_the_form_tag_to_the_page():
    html = drawn(MeetingForm())
    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html


def test_a_field_that_may_be_left_empty_says_so():
    html = drawn(MeetingForm())
    assert html.count("(optional)") == 3


def test_a_hint_and_an_error_are_tied_to_their_field():
    html = drawn(MeetingForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_an_answer_opens_its_fields_within_its_own_choice():
    form = MeetingForm()
    form.helper = FormHelper()
    form.helper.layout = Layout(Reveal("outcome", {"missed": ["barrier"]}))
    html = drawn(form)
    assert 'data-aria-controls="id_outcome_1_opens"' in html
    assert html.index('id="id_outcome_1_opens"') < html.index('name="barrier"')
    assert "(optional)" not in html


def test_a_hidden_field_is_drawn_even_where_a_layout_forgets_it():
    form = MeetingForm()
    form.helper = FormHelper()
    form.helper.layout = Layout("name")
    assert 'name="once"' in drawn(form)


def test_the_summary_links_each_error_to_the_first_thing_to_fill_in():
    html = render_to_string("nhsuk/errors.html", {"form": MeetingForm({"once": uuid.uuid4()})})
    assert '<a href="#id_name">Enter a name</a>' in html
    assert '<a href="#id_outcome_0">Say how it went</a>' in html


def test_a_form_without_errors_has_no_summary():
    assert render_to_string("nhsuk/errors.html", {"form": MeetingForm()}).strip() == ""


def test_many_choices_are_drawn_as_boxes_to_tick():
    assert 'class="nhsuk-checkboxes__input" id="id_needs_0"' in drawn(MeetingForm())


@pytest.mark.parametrize("once", [None, "", "not-a-uuid"])
def test_a_form_that_lost_its_once_says_what_to_do(once):
    form = MeetingForm({"name": "Sam", "outcome": "met", "once": once})
    assert form.errors == {"once": ["Open this page again, then send it"]}


def test_each_drawing_of_a_form_has_a_once_of_its_own():
    assert MeetingForm()["once"].value() != MeetingForm()["once"].value()


def test_what_was_typed_is_escaped():
    html = drawn(MeetingForm({"name": "<script>alert(1)</script>"}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
