from django import forms

from assets.models import AssetQuerySet
from assets.postcodes import normalise_postcode


class DirectoryForm(forms.Form):
    """What to look for in the directory. Sent by GET, so that a search can be kept and shared."""

    q = forms.CharField(label="Name or place", required=False, max_length=100)
    near = forms.CharField(label="Near a postcode", required=False, max_length=12)
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Open places"), ("closed", "Places that have closed"), ("all", "All")],
    )

    def clean_near(self) -> str:
        typed = self.cleaned_data["near"]
        return normalise_postcode(typed) if typed else ""

    def filter(self, assets: AssetQuerySet) -> AssetQuerySet:
        """What fits the words and the postcode, open or closed. An answer that cannot be read asks for nothing."""
        if words := self._answer("q"):
            assets = assets.matching(words)
        if postcode := self._answer("near"):
            assets = assets.near(postcode)
        return assets

    def shown(self, found: AssetQuerySet) -> AssetQuerySet:
        return {"closed": found.closed, "all": found.all}.get(self._answer("show"), found.open)()

    @property
    def hides_closed(self) -> bool:
        return self._answer("show") == ""

    @property
    def postcode(self) -> str:
        return self._answer("near")

    def _answer(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name, "")
