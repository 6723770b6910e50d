from crispy_forms.layout import Row
from django.utils import timezone

from accounts.fields import ShortDateField
from accounts.forms import OnceForm
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import BackstageKind
from caseload.forms.meeting import LATE_ENTRY_DAYS
from caseload.forms.person import text
from caseload.forms.questions import laid_out, minutes, one_of, perhaps_one_of
from caseload.forms.service import NamesService
from caseload.models import BackstageWork


class EditBackstageForm(NamesService):
    """What was done, for how long; maybe at which service, for which gap."""

    kind = one_of(BackstageKind.choices, "What was it?", "Choose what it was")
    minutes = minutes("Minutes")
    done_on = ShortDateField(
        label="Day", earliest=-LATE_ENTRY_DAYS, latest=0, error_messages={"required": "Enter the day"}
    )
    service = text("At or with which service", 300, help_text="Part of its name, if it was one of the directory.")
    gap = perhaps_one_of(NeedKind.choices, "The gap it answers", "No gap in particular")
    note = text("Note", 5000, rows=3, help_text="Needs no person: name nobody.")

    helper = laid_out("kind", Row("minutes", "done_on"), "service", "asset", "gap", "note")

    @staticmethod
    def initial_of(work: BackstageWork) -> dict:
        same = {name: getattr(work, name) for name in ["kind", "minutes", "done_on", "gap", "note"]}
        return same | {"service": work.asset.name if work.asset else ""}


class BackstageForm(OnceForm, EditBackstageForm):
    """As first logged."""

    @staticmethod
    def initial_now(asset: Asset | None, gap: str) -> dict:
        return {
            "done_on": timezone.localdate(),
            "minutes": 60,
            "service": asset.name if asset else "",
            "gap": gap if gap in NeedKind.values else "",
        }
