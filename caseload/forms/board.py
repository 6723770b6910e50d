"""The filters of the board of holds: only what occurs, with how many of each."""

from collections import Counter

from django import forms
from django.utils import timezone

from assets.enums import NeedKind
from caseload.enums import HoldBarrier
from caseload.models.hold import HoldQuerySet

NOBODY = "none"
COLUMNS = {
    "need": "awaited_need",
    "barrier": "barrier",
    "worker": "case__worker_id",
    "practice": "case__practice_id",
}


class BoardForm(forms.Form):
    """The team's holds, narrowed. A value it does not know is said, and narrows nothing."""

    need = forms.ChoiceField(label="Waiting for", required=False)
    barrier = forms.ChoiceField(label="Barrier", required=False)
    worker = forms.ChoiceField(label="Worker", required=False)
    practice = forms.ChoiceField(label="Practice", required=False)
    review = forms.ChoiceField(label="Review", required=False)

    def __init__(self, data, *, holds: HoldQuerySet):
        super().__init__(data, auto_id="filter_%s")
        rows = list(
            holds.values_list(
                *COLUMNS.values(), "case__worker__name", "case__practice__name", "review_on", named=True
            ).order_by()
        )
        self.total = len(rows)
        self.due = due = sum(row.review_on <= timezone.localdate() for row in rows)
        self._offer("need", Counter((row.awaited_need, NeedKind(row.awaited_need).label) for row in rows))
        self._offer("barrier", Counter((row.barrier, HoldBarrier(row.barrier).label) for row in rows))
        workers = Counter((row.case__worker_id or NOBODY, row.case__worker__name or "Nobody yet") for row in rows)
        self._offer("worker", workers)
        self._offer("practice", Counter((row.case__practice_id, row.case__practice__name) for row in rows))
        self._offer("review", Counter({("due", "Due"): due, ("later", "Later"): self.total - due}))
        self.is_valid()

    def _offer(self, name: str, counts: Counter) -> None:
        field = self.fields[name]
        chosen = self.data.get(name)
        offered = sorted((words, value, count) for (value, words), count in counts.items() if count or value == chosen)
        field.choices = [("", "Any"), *((str(value), f"{words} ({count:,})") for words, value, count in offered)]
        field.error_messages = {"invalid_choice": f"{field.label}: choose one from the list"}

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def filter(self, holds: HoldQuerySet) -> HoldQuerySet:
        for name, value in self.asked.items():
            if name == "review":
                due = holds.due_review(timezone.localdate())
                holds = due if value == "due" else holds.exclude(pk__in=due)
            else:
                holds = holds.filter(**{COLUMNS[name]: None if value == NOBODY else value})
        return holds
