from django import forms

from caseload.forms.person import text
from caseload.forms.questions import revision


class AboutForm(forms.Form):
    """So that nobody has to tell the story twice. Everything may stay empty."""

    revision = revision()
    strengths = text(
        "What they are good at, and what keeps them going", 2000, rows=3, help_text="In their words, one a line."
    )
    people = text(
        "The people who matter to them",
        2000,
        rows=3,
        help_text="As they describe them, one a line: “Jean, my sister. Rings on Sundays.” Pets count.",
    )
    story = text(
        "A little history",
        5000,
        rows=6,
        help_text="What they would not want to tell again. Leave out what a new reader need not know.",
    )
