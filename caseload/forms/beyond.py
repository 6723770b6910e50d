from crispy_forms.layout import Row
from django.utils import timezone

from accounts.fields import ShortDateField
from accounts.forms import OnceForm
from caseload.enums.safety import BeyondKind
from caseload.forms.meeting import LATE_ENTRY_DAYS
from caseload.forms.person import text
from caseload.forms.questions import laid_out, minutes, one_of


class BeyondForm(OnceForm):
    """What went beyond the usual, why, and with whom it was agreed."""

    kind = one_of(BeyondKind.choices, "What kind of thing was it?", "Choose what kind of thing it was")
    what = text("What did you do?", 2000, rows=3, required="Enter what you did")
    why = text(
        "Why?",
        2000,
        rows=2,
        required="Enter why",
        help_text="What was missing, or what would have happened otherwise. This is work, and seen as work.",
    )
    agreed_with = text(
        "Agreed with", 200, help_text="Your manager, a colleague. Leave it empty where with nobody yet."
    )
    done_on = ShortDateField(
        label="Day", earliest=-LATE_ENTRY_DAYS, latest=0, error_messages={"required": "Enter the day"}
    )
    minutes = minutes("Minutes", required=False)

    helper = laid_out("kind", "what", "why", "agreed_with", Row("done_on", "minutes"))

    @staticmethod
    def initial_now() -> dict:
        return {"done_on": timezone.localdate()}
