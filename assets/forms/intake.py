from django import forms

from accounts.fields import PlainCharField
from accounts.forms import OnceForm
from assets.columns import FIELDS, LABELS, plain_heading
from assets.enums import FeedKind
from assets.intake.fetch import NotFetched, checked_url
from assets.intake.kinds import kind_of
from assets.models import Source

LARGEST = 20_000_000
TOLD_BY_FILE = "file"


class IntakeForm(OnceForm):
    kind = forms.ChoiceField(
        label="What it is",
        choices=[(TOLD_BY_FILE, "Tell from the file"), *FeedKind.choices],
        widget=forms.RadioSelect,
        initial=TOLD_BY_FILE,
        error_messages={"required": "Choose what it is", "invalid_choice": "Choose what it is"},
    )
    source_name = PlainCharField(
        label="Who publishes it",
        max_length=200,
        help_text="Use the same name each time: then only what has changed is brought in.",
        error_messages={"required": "Enter who publishes it", "max_length": "Keep the name to 200 characters"},
    )
    licence = PlainCharField(
        label="Its licence",
        max_length=500,
        required=False,
        help_text="For example: “Open Government Licence v3.0”. Leave empty where we know it from before.",
        error_messages={"max_length": "Keep the licence to 500 characters"},
    )
    file = forms.FileField(label="A file", required=False, help_text="CSV, Excel (.xlsx), JSON or zip, up to 20 MB.")
    url = PlainCharField(
        label="Or a web address",
        max_length=500,
        required=False,
        help_text="It begins with https://. For Open Referral UK, the address that ends in /services.",
        error_messages={"max_length": "Keep the address to 500 characters"},
    )

    def __init__(self, *args, sources, **kwargs):
        super().__init__(*args, **kwargs)
        self.sources = sources
        self.fields["source_name"].widget.attrs["autocomplete"] = "off"

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url:
            try:
                checked_url(url)
            except NotFetched as why:
                raise forms.ValidationError(str(why)) from None
        return url

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError("The file is larger than 20 MB")
        return file

    def clean(self):
        data = super().clean()
        if not self.errors.keys() & {"file", "url"} and bool(data.get("file")) == bool(data.get("url")):
            self.add_error("file", "Choose a file or enter a web address, one of the two")
        if data.get("kind") == TOLD_BY_FILE and data.get("url"):
            self.add_error("kind", "Choose what it is: an address does not tell")
        known = self.sources.filter(name=data.get("source_name", "")).first()
        if data.get("source_name") and not data.get("licence") and not (known and known.licence):
            self.add_error("licence", "Enter the licence. Nothing is brought in until somebody has found it out")
        return data

    @property
    def asked(self) -> dict:
        data = dict(self.cleaned_data)
        file = data.pop("file")
        content = file.read() if file else None
        if data["kind"] == TOLD_BY_FILE:
            data["kind"] = kind_of(content)
        return data | {"content": content, "file_name": file.name[:300] if file else ""}


class ColumnsForm(forms.Form):
    """What each column of a file holds: as last time, else as its heading says, else nothing."""

    def __init__(self, *args, source: Source, headings: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = list(dict.fromkeys(headings))
        choices = [("", "Not used"), *LABELS.items()]
        for number, heading in enumerate(self.headings):
            plain = plain_heading(heading)
            guess = source.mapping.get(plain, FIELDS.get(plain, ""))
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading[:200],
                choices=choices,
                initial=guess,
                required=False,
                error_messages={"invalid_choice": f"Choose what {heading[:60]} holds"},
            )

    def clean(self):
        data = super().clean()
        used = [field for field in data.values() if field]
        if "name" not in used:
            raise forms.ValidationError("Choose the column that holds the name")
        twice = sorted({LABELS[field] for field in used if used.count(field) > 1})
        if twice:
            raise forms.ValidationError(f"Two columns cannot hold the same: {', '.join(twice)}")
        return data

    @property
    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data[f"column_{number}"] for number, heading in enumerate(self.headings)}


class LicenceForm(forms.Form):
    licence = PlainCharField(
        label="Licence",
        max_length=500,
        help_text="As the publisher states it, for example “Creative Commons Attribution 4.0”, with its address.",
        error_messages={"required": "Enter the licence", "max_length": "Keep the licence to 500 characters"},
    )
