from django import forms

from caseload.forms.person import text
from caseload.forms.questions import laid_out, revision
from caseload.models.noted import Noted


class NoteForm(forms.Form):
    """A note put right. What it said before stays to be read."""

    version = revision()
    note = text("Note", 20_000, rows=8)

    helper = laid_out("version", "note")

    def __init__(self, *args, record: Noted, **kwargs):
        longest = record._meta.get_field("note").max_length
        super().__init__(*args, initial={"version": record.history.count(), "note": record.note}, **kwargs)
        note = self.fields["note"]
        note.max_length = longest
        note.validators[0].limit_value = longest
        note.required = not record._meta.get_field("note").blank
        note.error_messages["required"] = "Enter the note"
