import uuid

from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.utils.html import format_html_join

REVEALED = {"is_revealed": True}


class OnceForm(forms.Form):
    """A form that makes one row however often it is sent.

    `once` is drawn with the page and becomes the primary key of the row the action makes:
    `case.contacts.get_or_create(pk=once, defaults={…})`. A double click, a reload or a
    second try on a bad line finds the row already there.
    """

    once = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid"], "Open this page again, then send it"),
    )


class Reveal:
    """Layout: a radio or checkbox question whose answers open further fields.

    `Reveal("outcome", {"missed": ["barrier", "follow_up_on"]})`. Without JavaScript all
    of them show, so the form's clean() asks only for those of the answer given. A revealed
    field is not marked "(optional)"; say so in its label where it is.
    """

    def __init__(self, field: str, opens: dict[str, list]):
        self.field, self.opens = field, opens

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        opened = {
            str(answer): format_html_join(
                "",
                "{}",
                [
                    [render_field(field, form, context, template_pack=template_pack, extra_context=REVEALED)]
                    for field in fields
                ],
            )
            for answer, fields in self.opens.items()
        }
        return render_field(self.field, form, context, template_pack=template_pack, extra_context={"opened": opened})
