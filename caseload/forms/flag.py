from django import forms

from accounts.fields import ShortDateField
from caseload.forms.person import text

A_YEAR = 366


class SetAsideForm(forms.Form):
    """Hide a flag until a day, with the reason: the facts stay as they are."""

    until = ShortDateField(
        label="Until",
        earliest=1,
        latest=A_YEAR,
        quick_picks={"in 1 week": 7, "in 4 weeks": 28},
        error_messages={"required": "Enter the day it should come back"},
    )
    reason = text("Why", 500, rows=2, required="Enter why it can wait")
