from crispy_forms.layout import Row
from django import forms

from caseload.forms.questions import laid_out, ticked


class PlanOptionsForm(forms.Form):
    """How the plan is printed."""

    large = ticked("Large print")
    without_matters = ticked("Leave out what matters")

    helper = laid_out(Row("large", "without_matters"))
