"""Finding cases: the filters of the caseload list with counts beside each value, and passing several on."""

from django import forms
from django.db.models import Count, F
from django.utils import timezone

from accounts.fields import PlainCharField
from accounts.models import Membership
from assets.enums import NeedKind
from caseload.colleagues import with_people
from caseload.enums import OPEN_STATUSES, CaseStatus, Complexity, FlagRule, HoldBarrier
from caseload.models.case import CaseQuerySet
from caseload.narrowing import LEFT, NARROW, NOBODY, REVIEW_DUE, Counts, count_values
from caseload.perms import assignable

ANY = ("", "Any")
WHOSE = {
    "mine": "Mine",
    "covering": "Covering",
    "team": "The team's",
    "waiting": "Waiting list",
    "closed": "Closed",
    "all": "Everyone",
}
STATUSES = [
    *(status for status in CaseStatus.choices if status[0] in OPEN_STATUSES),
    (REVIEW_DUE, "Holding, review due"),
    (CaseStatus.CLOSED.value, CaseStatus.CLOSED.label),
]
NEXT = [("today", "Today"), ("week", "In the next 7 days"), ("none", "Nothing booked")]
DOOR = [("open", "Held open")]
SORTS = {
    "name": (),
    "status": ("status",),
    "reached": (F("last_reached_at").asc(nulls_first=True),),
    "next": (F("next_appointment_at").asc(nulls_last=True),),
    "longest": ("-status", "opened_at"),  # "waiting" is the last of the statuses, so it comes first here.
}


def _choice(label, choices=()):
    return forms.ChoiceField(
        label=label,
        choices=[ANY, *choices],
        required=False,
        error_messages={"invalid_choice": f"{label}: choose one from the list"},
    )


class CaseFilterForm(forms.Form):
    """The caseload list, narrowed. A value it does not know is said, and narrows nothing.

    By no name: the filters are in the address (docs/adr/0018-names-stay-out-of-addresses.md). The search finds people.
    """

    status = _choice("Status", STATUSES)
    flag = _choice("Flag", FlagRule.choices)
    next = _choice("Next meeting", NEXT)
    practice = _choice("Practice")
    need = _choice("Need", NeedKind.choices)
    awaited = _choice("Waiting for", NeedKind.choices)
    barrier = _choice("Barrier", HoldBarrier.choices)
    door = _choice("Door", DOOR)
    complexity = _choice("Complexity", Complexity.choices)
    worker = _choice("Worker")
    whose = forms.ChoiceField(choices=WHOSE.items(), required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(choices=[(name, name) for name in SORTS], required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, cases: CaseQuerySet, membership: Membership):
        super().__init__(data, auto_id="filter_%s")
        self.cases, self.membership = cases, membership
        self.fields["practice"].choices = [ANY, *((str(place.pk), place.name) for place in cases.practices())]
        self.fields["worker"].choices = [
            ANY,
            (NOBODY, "Nobody: unassigned"),
            (LEFT, "Whoever has left"),
            *((str(worker.pk), worker.name) for worker in with_people(cases)),
        ]
        covered = membership.organisation.away.covered_by(membership.user, timezone.localdate())
        self.covered = [away.worker_id for away in covered]
        self.is_valid()

    @property
    def whose_now(self) -> str:
        """Whose cases: as asked, else one's own, or a manager's team's."""
        return self.cleaned_data.get("whose") or ("team" if self.membership.is_manager else "mine")

    @property
    def sort_now(self) -> str:
        return self.cleaned_data.get("sort") or "name"

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name in NARROW if (value := self.cleaned_data.get(name))}

    def of_whom(self) -> CaseQuerySet:
        return {
            "mine": self.cases.open().filter(worker=self.membership.user_id),
            "covering": self.cases.open().filter(worker__in=self.covered),
            "team": self.cases.open(),
            "waiting": self.cases.waiting(),
            "closed": self.cases.filter(status=CaseStatus.CLOSED),
            "all": self.cases,
        }[self.whose_now]

    def filter(self, cases: CaseQuerySet, without: str = "") -> CaseQuerySet:
        for name, value in self.asked.items():
            if name != without:
                cases = NARROW[name](cases, value)
        return cases

    def sorted(self, cases: CaseQuerySet) -> CaseQuerySet:
        by_name = cases.by_name()
        return by_name.order_by(*SORTS[self.sort_now], *by_name.query.order_by)

    def count_whose(self) -> list[tuple[str, str, int]]:
        """(value, words, cases) of every tab."""
        counts, own = dict.fromkeys(WHOSE, 0), self.membership.user_id
        by_worker = self.cases.order_by().values("status", "worker").annotate(n=Count("*"))
        for status, worker, n in by_worker.values_list("status", "worker", "n"):
            is_open = status in OPEN_STATUSES
            counts["mine"] += n if is_open and worker == own else 0
            counts["covering"] += n if is_open and worker in self.covered else 0
            counts["team"] += n if is_open else 0
            counts["waiting"] += n if status == CaseStatus.WAITING else 0
            counts["closed"] += n if status == CaseStatus.CLOSED else 0
            counts["all"] += n
        hidden = set() if self.covered or self.whose_now == "covering" else {"covering"}
        return [(value, said, counts[value]) for value, said in WHOSE.items() if value not in hidden]

    def count_choices(self) -> None:
        """Write beside each value how many there would be, and leave out those with none."""
        for name, counts in self._counts().items():
            field, chosen = self.fields[name], self.asked.get(name)
            field.choices = [
                ANY,
                *(
                    (value, f"{label} ({counts[value]:,})")
                    for value, label in field.choices[1:]
                    if counts[value] or value == chosen
                ),
            ]

    def _counts(self) -> Counts:
        """Of a filter in use, what its other values would show instead."""
        organisation, cases = self.membership.organisation, self.of_whom()
        found = count_values(self.filter(cases), NARROW.keys() - self.asked.keys(), organisation)
        for name in self.asked:
            found |= count_values(self.filter(cases, without=name), {name}, organisation)
        return found


class FindPersonForm(forms.Form):
    """What is typed to find somebody."""

    q = PlainCharField(
        label="Name, birthday, number or phone",
        max_length=300,
        error_messages={"required": "Enter a name, a birthday, an NHS or CHI number, or a phone number"},
    )

    def filter(self, cases: CaseQuerySet) -> CaseQuerySet:
        return cases.found_by(self.cleaned_data["q"])


class BulkAssignForm(forms.Form):
    """Several cases to one worker."""

    cases = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": "Tick the people to pass on",
            "invalid_choice": "One of these was passed on or closed meanwhile. Look again, then tick who is left",
            "invalid_pk_value": "Tick the people to pass on",
        },
    )
    worker = forms.ModelChoiceField(
        label="Pass those ticked to",
        queryset=None,
        empty_label="Choose a worker",
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose who to pass them to"),
    )
    with_meetings = forms.TypedChoiceField(
        label="Meetings booked",
        choices=[("yes", "Go along"), ("", "Stay with whom they are booked")],
        coerce=bool,
        empty_value=False,
        required=False,
        initial="yes",
        error_messages={"invalid_choice": "Choose whether meetings go along"},
    )
    words = PlainCharField(label="A word to go with them", max_length=500, required=False)

    def __init__(self, data=None, *, cases: CaseQuerySet, membership: Membership):
        super().__init__(data, auto_id="pass_on_%s")
        self.fields["cases"].queryset = assignable(cases.open(), membership)
        self.fields["worker"].queryset = membership.organisation.link_workers

    @property
    def ticked(self) -> set[str]:
        return set(self.data.getlist("cases")) if self.is_bound else set()
