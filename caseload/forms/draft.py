from datetime import UTC, datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MOST_BOXES = 60
MOST_CHARACTERS = 100_000


class BoxesField(forms.JSONField):
    """{name of a box: what is in it}, less what a database cannot hold."""

    def clean(self, value):
        boxes = super().clean(value) or {}
        if not isinstance(boxes, dict) or not all(isinstance(words, str) for words in boxes.values()):
            raise ValidationError("Send names and words")
        if len(boxes) > MOST_BOXES or sum(map(len, [*boxes, *boxes.values()])) > MOST_CHARACTERS:
            raise ValidationError("Too long")
        return {_storable(name): _storable(words) for name, words in boxes.items()}


class DropDraftForm(forms.Form):
    """What static/js/drafts.js sends; no person sees its errors."""

    draft_id = forms.UUIDField()
    form = forms.CharField(max_length=300)

    def __init__(self, data, *, address: str):
        super().__init__(data)
        self.address = address

    def clean_form(self):
        if not self.cleaned_data["form"].startswith(self.address):
            raise ValidationError("Not a form on this case")
        return self.cleaned_data["form"]


class DraftForm(DropDraftForm):
    words = BoxesField()
    base = BoxesField(required=False)
    written_at = forms.IntegerField(min_value=0, max_value=2**42)  # milliseconds since 1970
    instead_of = forms.UUIDField(required=False)
    as_written = forms.DateTimeField(required=False)

    def clean_written_at(self):
        """By the browser's clock, which may be wrong: never older than what is kept."""
        written_at = datetime.fromtimestamp(self.cleaned_data["written_at"] / 1000, UTC)
        return max(written_at, timezone.now() - timedelta(days=13))


class SentDraftForm(forms.Form):
    """What static/js/drafts.js adds to a form that is sent."""

    draft = forms.UUIDField()
    draft_instead_of = forms.UUIDField(required=False)
    draft_as_written = forms.DateTimeField(required=False)


def _storable(words: str) -> str:
    return words.encode("utf-8", "ignore").decode().replace("\0", "")
