from django import forms

from caseload.forms.questions import ticked


class PlanOptionsForm(forms.Form):
    """How the plan is printed."""

    large = ticked("Large print")
    without_matters = ticked("Leave out what matters")
