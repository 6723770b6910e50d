from django import forms

from assets.models import directory
from caseload.forms.person import text

MATCHES_SHOWN = 8


class NamesService(forms.Form):
    """Asks for a service by part of its name, and for which is meant where several are called that.

    What was chosen is in cleaned_data under `named_as`, as an Asset or None.
    """

    named_as = "asset"

    service = text("From which service", 300, help_text="Part of its name. Leave this empty where none is known.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.matches = self._matching(self["service"].value() or "") if self.is_bound else {}
        choices = [(pk, ", ".join(filter(None, [asset.name, asset.town]))) for pk, asset in self.matches.items()]
        shown = forms.RadioSelect if len(self.matches) > 1 else forms.HiddenInput
        self.fields[self.named_as] = forms.ChoiceField(
            label="Which of these?", required=False, choices=choices, widget=shown
        )

    @staticmethod
    def _matching(words: str) -> dict:
        words = words.replace("\x00", "").strip()
        found = directory().open().matching(words)[:MATCHES_SHOWN] if words else []
        return {str(asset.pk): asset for asset in found}

    def clean(self):
        super().clean()
        service = self.cleaned_data.pop("service", "")
        chosen = self.matches.get(self.cleaned_data.get(self.named_as))
        named = [asset for asset in self.matches.values() if asset.name.lower() == service.lower()]
        if not chosen and len(self.matches) == 1:
            chosen = next(iter(self.matches.values()))
        elif not chosen and len(named) == 1:
            chosen = named[0]
        if service and not self.matches:
            self.add_error("service", "Nothing in the directory is called that. Try another name, or clear it")
        elif service and not chosen:
            self.add_error(self.named_as, "Choose which one is meant, or clear the name above")
        self.cleaned_data[self.named_as] = chosen
